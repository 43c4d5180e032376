import { MessageFlags as Flag } from 'discord-api-types/v10'
import type { APIMessage } from 'discord-api-types/v10'
import type { RestContext } from './route.ts'

/*
 * Which flags whoever writes may set. Discord's pages say of each way of writing that "only" some "can be set", and that an
 * edit is to repeat those that are set already: the others are passed over, not refused.
 */
const SETTABLE = {
  /** https://docs.discord.com/developers/resources/message#create-message-jsonform-params */
  message: Flag.SuppressEmbeds | Flag.SuppressNotifications | Flag.IsVoiceMessage | Flag.IsComponentsV2,
  /** https://docs.discord.com/developers/resources/webhook#execute-webhook-jsonform-params */
  webhook: Flag.SuppressEmbeds | Flag.SuppressNotifications | Flag.IsComponentsV2,
  /** https://docs.discord.com/developers/interactions/receiving-and-responding#interaction-response-object-messages */
  interaction:
    Flag.SuppressEmbeds | Flag.SuppressNotifications | Flag.IsVoiceMessage | Flag.IsComponentsV2 | Flag.Ephemeral,
} as const

/** Whether a message says only that the bot is thinking: the answer is deferred. */
export const isLoading = ({ flags }: { flags?: number }): boolean => ((flags ?? 0) & Flag.Loading) !== 0

/** What of the flags that a new message asks for it gets. */
export const flagsOf = (asked: number | undefined, way: keyof typeof SETTABLE): number => (asked ?? 0) & SETTABLE[way]

/**
 * The flags of a message after an edit: embeds are suppressed or not, components become the new ones for good.
 * https://docs.discord.com/developers/resources/message#edit-message-jsonform-params
 */
export function editedFlags(before: number, asked: number | undefined): number {
  return asked === undefined ? before : suppressedFlags(before, asked) | (asked & Flag.IsComponentsV2)
}

/** The flags of a message whose embeds are suppressed, or no more: all that others than its author change. */
export const suppressedFlags = (before: number, asked: number): number =>
  (before & ~Flag.SuppressEmbeds) | (asked & Flag.SuppressEmbeds)

/**
 * A message as it is told: one whose embeds are suppressed shows none. They are kept, and shown when they are no more.
 * https://docs.discord.com/developers/resources/message#message-object-message-flags
 */
export function serialized({ records: { suppressed } }: RestContext, message: APIMessage): APIMessage {
  if ((message.flags ?? 0) & Flag.SuppressEmbeds) {
    suppressed.set(message.id, message.embeds)
    return { ...message, embeds: [] }
  }
  suppressed.delete(message.id)
  return message
}

/** The embeds of a message, also those that are not shown. */
export const embedsOf = ({ records }: RestContext, { id, embeds }: APIMessage): APIMessage['embeds'] =>
  records.suppressed.get(id) ?? embeds
