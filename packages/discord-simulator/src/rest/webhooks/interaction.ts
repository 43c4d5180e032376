import type { APIMessage } from 'discord-api-types/v10'

/** How long an interaction waits for its first answer: https://docs.discord.com/developers/interactions/receiving-and-responding */
export const ANSWER_WITHIN_MS = 3_000
/** How long its token can be used after that. */
export const TOKEN_LIFE_MS = 15 * 60_000
/** How many interactions are remembered. */
export const INTERACTIONS_KEPT = 1_000

/** 2: a command; 3: a component of a message; 5: a form. */
export type InteractionKind = 2 | 3 | 5

export interface Interaction {
  id: string
  token: string
  type: InteractionKind
  guildId: string
  channelId: string
  userId: string
  /** Of a component: the message that has it. */
  messageId: string | undefined
  atMs: number
  isAnswered: boolean
  /** What `@original` is. */
  originalId: string | undefined
  /** Its messages that only one person sees: they are in no channel's history. */
  ephemeral: Map<string, APIMessage>
}
