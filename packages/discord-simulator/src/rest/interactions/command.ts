import { ApplicationCommandType as Type, PermissionFlagsBits as Bit } from 'discord-api-types/v10'
import type { Place } from '../../world/types.ts'
import type { Command } from '../records.ts'
import type { RestContext } from '../route.ts'
import type { CommandUse, Typing } from './body.ts'
import { CannotInteract } from './cannot-interact.ts'
import { mayUse } from './may-use.ts'
import { fillIn, focusedOf } from './options.ts'
import type { FilledOption } from './options.ts'
import type { Resolved } from './resolved.ts'

/** Where a command is used: https://docs.discord.com/developers/interactions/receiving-and-responding#interaction-object-interaction-context-types */
const contextOf = ({ guild }: Place) => (guild ? 0 : 1)

/** The commands of a place: the guild's own go before those of all guilds. */
function commandsAt({ records }: RestContext, { guild }: Place): readonly Command[] {
  return [...((guild && records.commands.get(guild.id)) ?? []), ...(records.commands.get('') ?? [])]
}

/** Why somebody does not find a command where they are; undefined if they do. */
function barrierTo(context: RestContext, place: Place, userId: string, command: Command): string | undefined {
  const { world } = context
  const { guild } = place
  const { name, contexts } = command
  if (contexts && !contexts.includes(contextOf(place))) return `The command ${name} is not for here.`
  if (!guild) return undefined
  const member = world.member(guild.id, userId)
  const has = world.permissions(place, userId)
  if (!(has & Bit.UseApplicationCommands)) return 'They may not use commands in that channel.'
  return member && mayUse(context, place, member, command) ? undefined : `They may not use the command ${name} here.`
}

/** What somebody is offered where they are. Of two with one name and type it is the first that is meant. */
export function commandsFor(context: RestContext, place: Place, userId: string): Command[] {
  const all = commandsAt(context, place)
  const isFirst = (command: Command) =>
    all.find(({ name, type }) => name === command.name && type === command.type) === command
  return all.filter((command) => isFirst(command) && barrierTo(context, place, userId, command) === undefined)
}

function commandNamed(
  context: RestContext,
  place: Place,
  userId: string,
  name: string,
  types: readonly Type[],
): Command {
  const found = commandsAt(context, place).find((command) => command.name === name && types.includes(command.type))
  if (!found) throw new CannotInteract(`There is no command ${name} here: the bot has not registered it.`)
  const barrier = barrierTo(context, place, userId, found)
  if (barrier !== undefined) throw new CannotInteract(barrier)
  return found
}

const headOf = ({ id, name, type, guild_id }: Command) => ({
  id,
  name,
  type,
  ...(guild_id !== undefined && { guild_id }),
})

/** The names of the group and the subcommand that were chosen. */
const subcommandsOf = ([first]: readonly FilledOption[]): string[] =>
  first?.options ? [first.name, ...subcommandsOf(first.options)] : []

/** Somebody runs a command: https://docs.discord.com/developers/interactions/receiving-and-responding#interaction-object-application-command-data-structure */
export function useCommand(context: RestContext, place: Place, use: CommandUse, resolved: Resolved) {
  const { world } = context
  const { target_id, command_type } = use
  const typed = target_id === undefined ? [Type.ChatInput] : [Type.User, Type.Message]
  const types = command_type === undefined ? typed : [command_type]
  const command = commandNamed(context, place, use.user_id, use.command, types)
  if (command.type === Type.ChatInput) {
    const options = fillIn(use.options, command.options ?? [], resolved, false)
    const data = { ...headOf(command), ...resolved.shown(), ...(options.length > 0 && { options }) }
    return { data, commandName: [command.name, ...subcommandsOf(options)].join(' ') }
  }
  if (target_id === undefined) throw new CannotInteract(`The command ${use.command} is used on something: target_id.`)
  if (use.options.length > 0) throw new CannotInteract(`The command ${use.command} has no options.`)
  if (command.type === Type.User) {
    if (!resolved.user(target_id)) throw new CannotInteract('There is no such user.')
  } else {
    const message = world.messages.get(place.channel.id, target_id)
    if (!message) throw new CannotInteract('There is no such message.')
    resolved.message(message)
  }
  return { data: { ...headOf(command), target_id, ...resolved.shown() }, commandName: command.name }
}

/** Somebody types an option: https://docs.discord.com/developers/interactions/application-commands#autocomplete */
export function typeOption(context: RestContext, place: Place, use: Typing, resolved: Resolved) {
  const command = commandNamed(context, place, use.user_id, use.autocomplete, [Type.ChatInput])
  const options = fillIn(use.options, command.options ?? [], resolved, true)
  return { data: { ...headOf(command), options }, optionType: focusedOf(options).type }
}
