import type { CommandInput, CommandName, CommandResult } from '@repo/discord-integration/types'
import type { DiscordApi } from './discord-api.ts'

/** What a handler has at hand beside the payload. */
export type HandlerContext = {
  discord: DiscordApi
  /** Discord creates one message for it within minutes, however often it is sent. At most 25 characters. */
  nonce: string
  /** As the command table says. */
  repeatable: 'safe' | 'nonce' | 'no'
  /** For people: `send message`. */
  action: string
}

export type Handler<Name extends CommandName> = (
  input: CommandInput<Name>,
  context: HandlerContext,
) => Promise<CommandResult<Name>>

/** A handler for each command of the table: one that is forgotten fails the type check. */
export type Handlers = { [Name in CommandName]: Handler<Name> }
