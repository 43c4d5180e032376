import { z } from 'zod'
import { SnowflakeSchema } from '../snowflake.ts'
import { textSchema } from '../text.ts'
import type { CommandDefinition } from './definition.ts'
import { MessageObjectSchema, WebhookObjectSchema } from './discord-objects.ts'
import { ImageSchema, ok, ReasonSchema, RouteTokenSchema, success } from './fields.ts'
import {
  changesSomething,
  editedMessageFields,
  newMessageFields,
  nothingChanged,
  nothingShown,
  showsSomething,
} from './message-fields.ts'

const NameSchema = textSchema(1, 80)

const webhookResult = z.object({ success, webhook: WebhookObjectSchema })
const webhooksResult = z.object({ success, webhooks: z.array(WebhookObjectSchema) })
const messageResult = z.object({ success, message: MessageObjectSchema })

const byToken = { webhook_id: SnowflakeSchema, webhook_token: RouteTokenSchema }
/** A thread of the webhook's channel, where it is in one. */
const inThread = { thread_id: SnowflakeSchema.optional() }
/** Of a webhook that is no application's Discord passes over components, unless it is told to look at those that do nothing. */
const withComponents = { with_components: z.boolean().optional() }

const exampleHook = { webhook_id: '1199481923103768576' }
const exampleToken = { ...exampleHook, webhook_token: 'aWebhooksToken-3Yx0wFq8Zb1' }
const exampleMessage = { ...exampleToken, message_id: '1199482310284230656' }

/** https://docs.discord.com/developers/resources/webhook */
export const webhooks = {
  create_webhook: {
    method: 'webhooks.create',
    summary: 'Make a webhook of a channel: whoever has its id and token can write there.',
    repeatable: 'no',
    guild: 'channel_id',
    permissions: ['ManageWebhooks'],
    errors: ['UNKNOWN_CHANNEL', 'INVALID_FORM_BODY_OR_CONTENT_TYPE'],
    example: { channel_id: '81384788765712384', name: 'Kiln watch' },
    rest: { route: 'POST /channels/{channel_id}/webhooks', answer: 'webhook' },
    payload: z.strictObject({
      channel_id: SnowflakeSchema,
      name: NameSchema,
      avatar: ImageSchema.nullable().optional(),
      reason: ReasonSchema.optional(),
    }),
    result: webhookResult,
  },
  list_channel_webhooks: {
    method: 'webhooks.listOfChannel',
    summary: 'Read the webhooks of a channel.',
    repeatable: 'read',
    guild: 'channel_id',
    permissions: ['ManageWebhooks'],
    errors: ['UNKNOWN_CHANNEL'],
    example: { channel_id: '81384788765712384' },
    rest: { route: 'GET /channels/{channel_id}/webhooks', answer: 'webhooks' },
    payload: z.strictObject({ channel_id: SnowflakeSchema }),
    result: webhooksResult,
  },
  list_guild_webhooks: {
    method: 'webhooks.listOfGuild',
    summary: 'Read the webhooks of all channels of a server.',
    repeatable: 'read',
    guild: 'guild_id',
    permissions: ['ManageWebhooks'],
    errors: ['UNKNOWN_GUILD'],
    example: { guild_id: '197038439483310086' },
    rest: { route: 'GET /guilds/{guild_id}/webhooks', answer: 'webhooks' },
    payload: z.strictObject({ guild_id: SnowflakeSchema }),
    result: webhooksResult,
  },
  get_webhook: {
    method: 'webhooks.get',
    summary: 'Read a webhook, wherever the bot may manage it.',
    repeatable: 'read',
    guild: 'webhook_id',
    permissions: ['ManageWebhooks'],
    errors: ['UNKNOWN_WEBHOOK'],
    example: exampleHook,
    rest: { route: 'GET /webhooks/{webhook_id}', answer: 'webhook' },
    payload: z.strictObject({ webhook_id: SnowflakeSchema }),
    result: webhookResult,
  },
  edit_webhook: {
    method: 'webhooks.edit',
    summary: 'Change a webhook: its name, its picture, or its channel within the server.',
    repeatable: 'idempotent',
    guild: 'webhook_id',
    channels: ['channel_id'],
    permissions: ['ManageWebhooks'],
    errors: ['UNKNOWN_WEBHOOK', 'UNKNOWN_CHANNEL'],
    example: { ...exampleHook, name: 'Kiln watch', channel_id: '81384788765712384' },
    rest: { route: 'PATCH /webhooks/{webhook_id}', answer: 'webhook' },
    payload: z.strictObject({
      webhook_id: SnowflakeSchema,
      name: NameSchema.optional(),
      avatar: ImageSchema.nullable().optional(),
      channel_id: SnowflakeSchema.optional(),
      reason: ReasonSchema.optional(),
    }),
    result: webhookResult,
  },
  delete_webhook: {
    method: 'webhooks.delete',
    summary: 'Delete a webhook for good.',
    repeatable: 'idempotent',
    guild: 'webhook_id',
    permissions: ['ManageWebhooks'],
    errors: ['UNKNOWN_WEBHOOK'],
    example: { ...exampleHook, reason: 'It was told to too many' },
    rest: { route: 'DELETE /webhooks/{webhook_id}', done: 'UNKNOWN_WEBHOOK' },
    payload: z.strictObject({ webhook_id: SnowflakeSchema, reason: ReasonSchema.optional() }),
    result: ok,
  },
  execute_webhook: {
    method: 'webhooks.execute',
    summary: 'Write a message through a webhook; with `wait`, it is told which.',
    repeatable: 'no',
    guild: 'webhook_token',
    errors: ['UNKNOWN_WEBHOOK', 'INVALID_WEBHOOK_TOKEN'],
    example: { ...exampleToken, content: 'The kiln is at 600 °C', username: 'Kiln 2', wait: true },
    rest: {
      route: 'POST /webhooks/{webhook_id}/{webhook_token}',
      answer: 'message',
      query: ['wait', 'thread_id', 'with_components'],
    },
    payload: z
      .strictObject({
        ...byToken,
        /** Until the message is there. Discord's default is not to. */
        wait: z.boolean().optional(),
        ...inThread,
        ...withComponents,
        ...newMessageFields,
        tts: z.boolean().optional(),
        /** In place of the webhook's own. */
        username: NameSchema.optional(),
        avatar_url: z.url().max(2_048).optional(),
        /** Of the post that the message begins, in a forum. */
        thread_name: textSchema(1, 100).optional(),
        applied_tags: z.array(SnowflakeSchema).max(5).optional(),
      })
      .refine(showsSomething, nothingShown),
    result: z.object({ success, message: MessageObjectSchema.optional() }),
  },
  get_webhook_message: {
    method: 'webhooks.getMessage',
    summary: 'Read a message that was written through a webhook.',
    repeatable: 'read',
    guild: 'webhook_token',
    errors: ['UNKNOWN_MESSAGE', 'INVALID_WEBHOOK_TOKEN'],
    example: exampleMessage,
    rest: { route: 'GET /webhooks/{webhook_id}/{webhook_token}/messages/{message_id}', answer: 'message' },
    payload: z.strictObject({ ...byToken, message_id: SnowflakeSchema, ...inThread }),
    result: messageResult,
  },
  edit_webhook_message: {
    method: 'webhooks.editMessage',
    summary: 'Change a message that was written through a webhook.',
    repeatable: 'idempotent',
    guild: 'webhook_token',
    errors: ['UNKNOWN_MESSAGE', 'INVALID_WEBHOOK_TOKEN'],
    example: { ...exampleMessage, content: 'The kiln is at 1,200 °C' },
    rest: {
      route: 'PATCH /webhooks/{webhook_id}/{webhook_token}/messages/{message_id}',
      answer: 'message',
      query: ['thread_id', 'with_components'],
    },
    payload: z
      .strictObject({
        ...byToken,
        message_id: SnowflakeSchema,
        ...inThread,
        ...withComponents,
        ...editedMessageFields,
      })
      .refine(changesSomething, nothingChanged),
    result: messageResult,
  },
  delete_webhook_message: {
    method: 'webhooks.deleteMessage',
    summary: 'Delete a message that was written through a webhook.',
    repeatable: 'idempotent',
    guild: 'webhook_token',
    errors: ['UNKNOWN_MESSAGE', 'INVALID_WEBHOOK_TOKEN'],
    example: exampleMessage,
    rest: {
      route: 'DELETE /webhooks/{webhook_id}/{webhook_token}/messages/{message_id}',
      query: ['thread_id'],
      done: 'UNKNOWN_MESSAGE',
    },
    payload: z.strictObject({ ...byToken, message_id: SnowflakeSchema, ...inThread }),
    result: ok,
  },
} as const satisfies Record<string, CommandDefinition>
