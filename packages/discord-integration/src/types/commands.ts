import type { z } from 'zod'
import { applicationCommands } from './commands/application-commands.ts'
import { bans } from './commands/bans.ts'
import { channels } from './commands/channels.ts'
import type { CommandDefinition, Repeatable } from './commands/definition.ts'
import { discord } from './commands/discord-api.ts'
import { emojis } from './commands/emojis.ts'
import { gateway } from './commands/gateway.ts'
import { guilds } from './commands/guilds.ts'
import { invites } from './commands/invites.ts'
import { interactions } from './commands/interactions.ts'
import { members } from './commands/members.ts'
import { messages } from './commands/messages.ts'
import { presence } from './commands/presence.ts'
import { reactions } from './commands/reactions.ts'
import { roles } from './commands/roles.ts'
import { events } from './commands/scheduled-events.ts'
import { stages } from './commands/stages.ts'
import { stickers } from './commands/stickers.ts'
import { threads } from './commands/threads.ts'
import { voice } from './commands/voice.ts'
import { webhooks } from './commands/webhooks.ts'

export type { CommandDefinition, Permission, Place, Repeatable, RestCommand } from './commands/definition.ts'

/**
 * Every command a backend can send, by topic. The types of `sendCommand`, the client's methods, the validation at the gateway,
 * who may, what is asked of Discord, docs/COMMANDS.md and `list_commands` all come from here: adding one is one entry, and
 * where REST is not enough, one handler at the gateway.
 */
export const commands = {
  ...messages,
  ...reactions,
  ...channels,
  ...threads,
  ...members,
  ...bans,
  ...voice,
  ...stages,
  ...roles,
  ...invites,
  ...events,
  ...emojis,
  ...stickers,
  ...guilds,
  ...interactions,
  ...applicationCommands,
  ...webhooks,
  ...presence,
  ...discord,
  ...gateway,
} as const satisfies Record<string, CommandDefinition>

export type CommandName = keyof typeof commands
export type CommandPayload<Name extends CommandName> = z.input<(typeof commands)[Name]['payload']>
export type CommandResult<Name extends CommandName> = z.output<(typeof commands)[Name]['result']>
/** What a command's handler is given: the payload, validated. */
export type CommandInput<Name extends CommandName> = z.output<(typeof commands)[Name]['payload']>

export function isCommandName(name: string): name is CommandName {
  return Object.hasOwn(commands, name)
}

/** Whether doing a command twice does harm, by its payload where that decides. */
export function repeatableOf(name: CommandName, payload: object): Repeatable {
  const { repeatable, repeatableOf: byPayload }: CommandDefinition = commands[name]
  return byPayload?.({ ...payload }) ?? repeatable
}
