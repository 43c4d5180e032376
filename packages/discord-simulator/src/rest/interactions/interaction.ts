import type { APIMessage } from 'discord-api-types/v10'
import type { FormBody } from '../components/form-body.ts'

/** How long an interaction waits for its first answer: https://docs.discord.com/developers/interactions/receiving-and-responding */
export const ANSWER_WITHIN_MS = 3_000
/** How long its token can be used after that. */
export const TOKEN_LIFE_MS = 15 * 60_000
/** How many interactions are remembered. */
export const INTERACTIONS_KEPT = 1_000

/** 2: a command; 3: a component of a message; 4: an option that is being typed; 5: a form. */
export type InteractionKind = 2 | 3 | 4 | 5

/** One of the values that the bot offers while an option is typed. */
export interface Choice {
  name: string
  value: string | number
}

export interface Interaction {
  id: string
  token: string
  type: InteractionKind
  /** Undefined in the bot's channel with one person. */
  guildId: string | undefined
  channelId: string
  userId: string
  /** Of a component, or of a form that a component opened: the message that has it. */
  messageId: string | undefined
  /** Of a command: what it is called, with its group and subcommand. */
  commandName: string | undefined
  /** Of a command in a context menu: on whom or what it was used. */
  targetId: string | undefined
  /** Of a form: what was answered with it. */
  openedBy: Interaction | undefined
  /** Of a command: which of https://docs.discord.com/developers/interactions/application-commands#application-command-object-application-command-types */
  commandType: number | undefined
  /** Of an option that is being typed: its type. */
  optionType: number | undefined
  atMs: number
  isAnswered: boolean
  /** The type of the first answer. */
  answer: number | undefined
  /** The form that was the answer, until it is sent. */
  form: FormBody | undefined
  /** The values that were the answer. */
  choices: readonly Choice[] | undefined
  /** What `@original` is. */
  originalId: string | undefined
  /** By id, what was written with its token: that, and `@original`, is what the token reaches. */
  sent: Set<string>
  /** Its messages that only one person sees: they are in no channel's history. */
  ephemeral: Map<string, APIMessage>
}
