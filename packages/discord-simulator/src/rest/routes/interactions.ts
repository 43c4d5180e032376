import { ApplicationCommandOptionType as Option, MessageFlags } from 'discord-api-types/v10'
import type { APIMessage } from 'discord-api-types/v10'
import { z } from 'zod'
import type { World } from '../../world/world.ts'
import { readFormBody } from '../components/form-body.ts'
import { DiscordError, refusal } from '../errors.ts'
import { blame, readForm, text } from '../form.ts'
import { ANSWER_WITHIN_MS, TOKEN_LIFE_MS } from '../interactions/interaction.ts'
import type { Choice, Interaction } from '../interactions/interaction.ts'
import { messageAt } from '../interactions/message-at.ts'
import type { Records } from '../records.ts'
import { none, ok, param } from '../route.ts'
import type { RestContext, RestRequest, Route } from '../route.ts'
import { speak, tell } from '../webhooks/hook-message.ts'
import type { Speaker } from '../webhooks/hook-message.ts'
import { edited } from './messages.ts'

/** https://docs.discord.com/developers/interactions/receiving-and-responding#interaction-response-object-interaction-callback-type */
const Answer = { Message: 4, Deferred: 5, DeferredUpdate: 6, Update: 7, Choices: 8, Form: 9 } as const

const callbackBody = z.looseObject({
  type: z.literal([1, 4, 5, 6, 7, 8, 9]),
  data: z.looseObject({ flags: z.int().nullish() }).nullish(),
})

/** Who speaks for an interaction. */
export function speakerFor(world: World, interaction: Interaction): Speaker {
  const located = world.place(interaction.channelId)
  if (!located) throw refusal.unknownChannel()
  return { located, author: world.bot, webhookId: world.bot.id, interaction }
}

/** The interaction of a token that can still be used, or 50027. */
export function interactionOf(world: World, records: Records, token: string): Interaction {
  const found = [...records.interactions.values()].find((interaction) => interaction.token === token)
  if (!found || world.clock.now() - found.atMs > TOKEN_LIFE_MS) throw refusal.invalidWebhookToken()
  return found
}

function answer(context: RestContext, request: RestRequest, interaction: Interaction, type: number): APIMessage {
  const speaker = speakerFor(context.world, interaction)
  const { data } = readForm(callbackBody, request.body ?? {})
  const inner = { ...request, body: data ?? {} }
  if (type === Answer.Message) return speak(context, inner, speaker)
  if (type === Answer.Deferred) {
    const flags = MessageFlags.Loading | ((data?.flags ?? 0) & MessageFlags.Ephemeral)
    return speak(context, { ...request, body: {}, files: [] }, speaker, flags)
  }
  const { channelId, messageId = '' } = interaction
  const used = messageAt(context, channelId, messageId)
  if (!used) throw refusal.unknownMessage()
  const { message, home } = used
  if (type === Answer.DeferredUpdate) return message
  const next = edited(context, speaker.located, message, inner)
  tell(context, 'MESSAGE_UPDATE', home ? { ...speaker, interaction: home } : speaker, next)
  return next
}

const choiceOf = (value: z.ZodType<string | number>): z.ZodType<Choice> => z.looseObject({ name: text(100, 1), value })

/** What an option that is being typed may be, by its type. */
const valueOf = (type: number | undefined): z.ZodType<string | number> => {
  if (type === Option.Integer) return z.int()
  return type === Option.Number ? z.number() : text(100)
}

/** https://docs.discord.com/developers/interactions/receiving-and-responding#interaction-response-object-autocomplete */
function readChoices(input: unknown, optionType: number | undefined): Choice[] {
  const most = 25
  const list = z
    .array(choiceOf(valueOf(optionType)))
    .refine(({ length }) => length <= most, blame('BASE_TYPE_MAX_LENGTH', `Must be ${most} or fewer in length.`))
  return readForm(z.looseObject({ choices: list }), input).choices
}

/** What is wrong with an answer's `data` stands under that name. */
function underData<T>(read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof DiscordError) || !error.errors) throw error
    throw new DiscordError(error.status, error.code, error.message, { data: error.errors })
  }
}

/** Which answers fit which kind of interaction. */
function fitting({ type, messageId }: Interaction): readonly number[] {
  if (type === 4) return [Answer.Choices]
  const always = [Answer.Message, Answer.Deferred]
  // Only what came from a message can change it, and no form opens another.
  const update = messageId === undefined ? [] : [Answer.DeferredUpdate, Answer.Update]
  return [...always, ...update, ...(type === 5 ? [] : [Answer.Form])]
}

/** https://docs.discord.com/developers/interactions/receiving-and-responding#create-interaction-response */
function callback(context: RestContext, request: RestRequest) {
  const { world, records } = context
  const interaction = records.interactions.get(param(request, 'interaction_id'))
  const isKnown = interaction?.token === param(request, 'interaction_token')
  if (!interaction || !isKnown) throw refusal.unknownInteraction()
  if (interaction.isAnswered) throw refusal.alreadyAcknowledged()
  if (world.clock.now() - interaction.atMs > ANSWER_WITHIN_MS) throw refusal.unknownInteraction()
  const { type, data } = readForm(callbackBody, request.body ?? {})
  const allowed = fitting(interaction)
  if (!allowed.includes(type)) {
    const message = `Value must be one of {${allowed.join(', ')}}.`
    throw refusal.invalidForm([{ path: ['type'], code: 'BASE_TYPE_CHOICES', message }])
  }
  const message = underData(() => {
    if (type === Answer.Form) interaction.form = readFormBody(data ?? {})
    else if (type === Answer.Choices) interaction.choices = readChoices(data ?? {}, interaction.optionType)
    else return answer(context, request, interaction, type)
    return undefined
  })
  interaction.isAnswered = true
  interaction.answer = type
  interaction.originalId = message?.id
  if (request.query.get('with_response') !== 'true') return none()
  const flags = message?.flags ?? 0
  return ok({
    interaction: {
      id: interaction.id,
      type: interaction.type,
      channel_id: interaction.channelId,
      ...(interaction.guildId !== undefined && { guild_id: interaction.guildId }),
      ...(message && {
        response_message_id: message.id,
        response_message_loading: (flags & MessageFlags.Loading) !== 0,
        response_message_ephemeral: (flags & MessageFlags.Ephemeral) !== 0,
      }),
    },
    ...(message && (type === Answer.Message || type === Answer.Update) && { resource: { type, message } }),
  })
}

export const interactionRoutes: readonly Route[] = [
  {
    method: 'POST',
    path: '/interactions/:interaction_id/:interaction_token/callback',
    open: true,
    exempt: true,
    handle: callback,
  },
]
