import type { CommandInput, CommandName, CommandResult, Repeatable } from '@repo/discord-integration/types'
import type { Backend } from '../command-origin.ts'
import type { DiscordApi } from './discord-api.ts'
import type { FindUpload } from './files.ts'

/** What a handler has at hand beside the payload. */
export type HandlerContext = {
  discord: DiscordApi
  /** Discord creates one message for it within minutes, however often it is sent. At most 25 characters. */
  nonce: string
  /** As the command table says. */
  repeatable: Repeatable
  /** For people: `send message`. */
  action: string
  /** Who asks. */
  backend: Backend
  /** Whom the backend does it for, as it says. */
  actor?: string | undefined
  /** Which connection asks; undefined where it is none. */
  consumerId?: number | undefined
  /** From now on whoever asks gets the member chunks with that nonce. */
  expectChunks: (nonce: string) => void
  /** What the payload names of what the backend has uploaded. */
  findUpload: FindUpload
  /** Whether the token was revoked since, or changed. */
  isRevoked: () => boolean
  /** Until when it is answered, in ms since the epoch. */
  deadlineAt: number
  /** Whether it was tried before, and nobody knows what became of that. */
  repeated: boolean
}

export type Handler<Name extends CommandName> = (
  input: CommandInput<Name>,
  context: HandlerContext,
) => Promise<CommandResult<Name>>

/** A handler for each command of the table: one that is forgotten fails the type check. */
export type Handlers = { [Name in CommandName]: Handler<Name> }
