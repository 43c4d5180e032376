import { z } from 'zod'
import { SnowflakeSchema } from '../snowflake.ts'
import { textSchema } from '../text.ts'
import type { CommandDefinition, RestCommand } from './definition.ts'
import { InteractionCallbackObjectSchema, MessageObjectSchema, ModalComponentObjectSchema } from './discord-objects.ts'
import { localizedSchema, ok, RouteTokenSchema, success } from './fields.ts'
import {
  changesSomething,
  editedMessageFields,
  MessageFlagsSchema,
  newMessageFields,
  nothingChanged,
  nothingShown,
  PollSchema,
  showsSomething,
} from './message-fields.ts'

/** What every answer to an interaction has in common, by its `type`; what it says besides stands under `data`. */
const answering = <Type extends number>(type: Type) =>
  ({
    route: 'POST /interactions/{interaction_id}/{interaction_token}/callback',
    answer: 'response',
    query: ['with_response'],
    fixed: { type },
    under: 'data',
    done: 'INTERACTION_HAS_ALREADY_BEEN_ACKNOWLEDGED',
  }) as const satisfies RestCommand

const first = {
  // There is one first answer, and what would be another is refused.
  repeatable: 'idempotent',
  guild: 'interaction_token',
  errors: ['UNKNOWN_INTERACTION', 'INTERACTION_HAS_ALREADY_BEEN_ACKNOWLEDGED'],
  /** Discord’s own words on the answer, if it was asked to say them and this is the try that it took. */
  result: z.object({
    success,
    response: InteractionCallbackObjectSchema.optional(),
  }),
} as const

const interaction = {
  interaction_id: SnowflakeSchema,
  interaction_token: RouteTokenSchema,
  /** Discord is to say what came of it. */
  with_response: z.boolean().optional(),
}

const byToken = { application_id: SnowflakeSchema.optional(), interaction_token: RouteTokenSchema }
const followUp = { ...byToken, message_id: SnowflakeSchema }

const message = { ...newMessageFields, tts: z.boolean().optional() }
/** Of an answer that was put off a poll can be the words too. */
const edited = { ...editedMessageFields, poll: PollSchema.optional() }

const messageResult = z.object({ success, message: MessageObjectSchema })

const exampleToken = { interaction_token: 'anInteractionsToken-6Hd2LkP9' }
const exampleInteraction = { interaction_id: '1199484071665418300', ...exampleToken }
const exampleFollowUp = { ...exampleToken, message_id: '1199482310284230656' }

/** https://docs.discord.com/developers/interactions/receiving-and-responding */
export const interactions = {
  reply_to_interaction: {
    method: 'interactions.reply',
    summary: 'Answer an interaction with a message, within 3 seconds of it.',
    ...first,
    example: { ...exampleInteraction, content: 'The kiln is lit', flags: 64 },
    rest: answering(4),
    payload: z.strictObject({ ...interaction, ...message }).refine(showsSomething, nothingShown),
  },
  defer_interaction: {
    method: 'interactions.defer',
    summary: 'Say that the answer to an interaction takes longer: the bot is shown thinking.',
    ...first,
    example: { ...exampleInteraction, flags: 64 },
    rest: answering(5),
    /** EPHEMERAL: the answer will be for their eyes alone. */
    payload: z.strictObject({ ...interaction, flags: MessageFlagsSchema.optional() }),
  },
  update_interaction_message: {
    method: 'interactions.update',
    summary: 'Answer the use of a component by changing the message that it is on.',
    ...first,
    example: { ...exampleInteraction, content: 'The kiln is lit', components: [] },
    rest: answering(7),
    payload: z.strictObject({ ...interaction, ...editedMessageFields }).refine(changesSomething, nothingChanged),
  },
  defer_interaction_update: {
    method: 'interactions.deferUpdate',
    summary: 'Take note of the use of a component: its message is changed later, or not at all.',
    ...first,
    example: exampleInteraction,
    rest: answering(6),
    payload: z.strictObject(interaction),
  },
  autocomplete_interaction: {
    method: 'interactions.autocomplete',
    summary: 'Say what an option that is being typed may be.',
    ...first,
    example: { ...exampleInteraction, choices: [{ name: 'The old kiln', value: 'old' }] },
    rest: answering(8),
    payload: z.strictObject({
      ...interaction,
      choices: z
        .array(
          z.strictObject({
            name: textSchema(1, 100),
            name_localizations: localizedSchema(100).optional(),
            value: z.union([textSchema(0, 100), z.number()]),
          }),
        )
        .max(25),
    }),
  },
  show_modal: {
    method: 'interactions.showModal',
    summary: 'Answer an interaction with a form to fill in.',
    ...first,
    example: {
      ...exampleInteraction,
      custom_id: 'firing',
      title: 'Your firing',
      components: [{ type: 18, label: 'Notes', component: { type: 4, custom_id: 'notes', style: 2 } }],
    },
    rest: answering(9),
    payload: z.strictObject({
      ...interaction,
      custom_id: textSchema(1, 100),
      title: textSchema(1, 45),
      components: z.array(ModalComponentObjectSchema).min(1).max(5),
    }),
  },
  get_interaction_reply: {
    method: 'interactions.getReply',
    summary: 'Read the first answer to an interaction, within 15 minutes of it.',
    repeatable: 'read',
    guild: 'interaction_token',
    errors: ['UNKNOWN_MESSAGE', 'INVALID_WEBHOOK_TOKEN'],
    example: exampleToken,
    rest: { route: 'GET /webhooks/{application_id}/{interaction_token}/messages/@original', answer: 'message' },
    payload: z.strictObject(byToken),
    result: messageResult,
  },
  edit_interaction_reply: {
    method: 'interactions.editReply',
    summary: 'Change the first answer to an interaction, or say what was put off, within 15 minutes of it.',
    repeatable: 'idempotent',
    guild: 'interaction_token',
    errors: ['UNKNOWN_MESSAGE', 'INVALID_WEBHOOK_TOKEN'],
    example: { ...exampleToken, content: 'The kiln is at 600 °C' },
    rest: { route: 'PATCH /webhooks/{application_id}/{interaction_token}/messages/@original', answer: 'message' },
    payload: z.strictObject({ ...byToken, ...edited }).refine(changesSomething, nothingChanged),
    result: messageResult,
  },
  delete_interaction_reply: {
    method: 'interactions.deleteReply',
    summary: 'Delete the first answer to an interaction, within 15 minutes of it.',
    repeatable: 'idempotent',
    guild: 'interaction_token',
    errors: ['UNKNOWN_MESSAGE', 'INVALID_WEBHOOK_TOKEN'],
    example: exampleToken,
    rest: {
      route: 'DELETE /webhooks/{application_id}/{interaction_token}/messages/@original',
      done: 'UNKNOWN_MESSAGE',
    },
    payload: z.strictObject(byToken),
    result: ok,
  },
  follow_up: {
    method: 'interactions.followUp',
    summary: 'Say more on an interaction that was answered, within 15 minutes of it.',
    repeatable: 'no',
    guild: 'interaction_token',
    errors: ['UNKNOWN_WEBHOOK', 'INVALID_WEBHOOK_TOKEN'],
    example: { ...exampleToken, content: 'It is at 600 °C by now' },
    rest: { route: 'POST /webhooks/{application_id}/{interaction_token}', answer: 'message' },
    payload: z.strictObject({ ...byToken, ...message }).refine(showsSomething, nothingShown),
    result: messageResult,
  },
  get_follow_up: {
    method: 'interactions.getFollowUp',
    summary: 'Read what the bot has said besides on an interaction.',
    repeatable: 'read',
    guild: 'interaction_token',
    errors: ['UNKNOWN_MESSAGE', 'INVALID_WEBHOOK_TOKEN'],
    example: exampleFollowUp,
    rest: { route: 'GET /webhooks/{application_id}/{interaction_token}/messages/{message_id}', answer: 'message' },
    payload: z.strictObject(followUp),
    result: messageResult,
  },
  edit_follow_up: {
    method: 'interactions.editFollowUp',
    summary: 'Change what the bot has said besides on an interaction.',
    repeatable: 'idempotent',
    guild: 'interaction_token',
    errors: ['UNKNOWN_MESSAGE', 'INVALID_WEBHOOK_TOKEN'],
    example: { ...exampleFollowUp, content: 'It is at 1,200 °C by now' },
    rest: { route: 'PATCH /webhooks/{application_id}/{interaction_token}/messages/{message_id}', answer: 'message' },
    payload: z.strictObject({ ...followUp, ...editedMessageFields }).refine(changesSomething, nothingChanged),
    result: messageResult,
  },
  delete_follow_up: {
    method: 'interactions.deleteFollowUp',
    summary: 'Delete what the bot has said besides on an interaction.',
    repeatable: 'idempotent',
    guild: 'interaction_token',
    errors: ['UNKNOWN_MESSAGE', 'INVALID_WEBHOOK_TOKEN'],
    example: exampleFollowUp,
    rest: {
      route: 'DELETE /webhooks/{application_id}/{interaction_token}/messages/{message_id}',
      done: 'UNKNOWN_MESSAGE',
    },
    payload: z.strictObject(followUp),
    result: ok,
  },
} as const satisfies Record<string, CommandDefinition>
