import { PermissionFlagsBits as Bit } from 'discord-api-types/v10'
import type { APIMessage } from 'discord-api-types/v10'
import { z } from 'zod'
import { isSnowflake } from '../../snowflake.ts'
import type { World } from '../../world/world.ts'
import type { Command, Records } from '../records.ts'
import type { RestContext } from '../route.ts'
import { INTERACTIONS_KEPT } from './interaction.ts'
import type { InteractionKind } from './interaction.ts'

const id = z.string().refine(isSnowflake, 'must be a snowflake')
const plain = z.object({
  name: z.string(),
  type: z.int().optional(),
  value: z.union([z.string(), z.number(), z.boolean()]).optional(),
})
/** Options of a command, of its subcommand, of its subcommand in a group. */
const option = plain.extend({ options: z.array(plain.extend({ options: z.array(plain).optional() })).optional() })
type Option = z.infer<typeof plain> & { options?: readonly Option[] | undefined }

const who = { user_id: id, channel_id: id }

/** What somebody does that the bot is to answer: runs a command, uses a component, sends a form. */
export const interactionBody = z.union([
  z.object({ ...who, command: z.string().min(1), options: z.array(option).default([]) }),
  z.object({
    ...who,
    message_id: id,
    custom_id: z.string().min(1),
    component_type: z.int().default(2),
    values: z.array(z.string()).optional(),
  }),
  z.object({ ...who, modal: z.string().min(1), components: z.array(z.looseObject({})) }),
])
export type InteractionBody = z.input<typeof interactionBody>

/** Why somebody could not do it: an interaction that Discord would not have let begin. */
export class CannotInteract extends Error {}

function commandNamed(records: Records, guildId: string, name: string): Command {
  const all = [...(records.commands.get(guildId) ?? []), ...(records.commands.get('') ?? [])]
  const found = all.find((command) => command.name === name)
  if (!found) throw new CannotInteract(`There is no command ${name} here: the bot has not registered it.`)
  return found
}

type Typed = Omit<Option, 'type' | 'options'> & { type: number; options?: Typed[] }

/** Options with the types that the command gives them. */
const typed = (options: readonly Option[], defined: Command['options'] = []): Typed[] =>
  options.map(({ options: inner, ...given }) => {
    const known = defined.find(({ name }) => name === given.name)
    return { ...given, type: given.type ?? known?.type ?? 3, ...(inner && { options: typed(inner, known?.options) }) }
  })

/** What the ids among the options mean: https://docs.discord.com/developers/interactions/receiving-and-responding#interaction-object-resolved-data-structure */
function resolved(world: World, guildId: string, options: readonly Typed[]): object {
  const found: Record<string, Record<string, object>> = {}
  const add = (group: string, key: string, thing: object | undefined) => {
    if (thing) (found[group] ??= {})[key] = thing
  }
  const look = ({ type, value, options: inner }: Typed): void => {
    inner?.forEach(look)
    if (typeof value !== 'string') return
    if (type === 6 || type === 9) {
      const member = world.member(guildId, value)
      add('users', value, world.user(value))
      if (member) {
        const { user: _user, deaf: _deaf, mute: _mute, ...rest } = member
        add('members', value, rest)
      }
    }
    if (type === 8 || type === 9)
      add(
        'roles',
        value,
        world.guild(guildId)?.roles.find((role) => role.id === value),
      )
    if (type === 7) add('channels', value, world.channel(value)?.channel)
  }
  options.forEach(look)
  return Object.keys(found).length > 0 ? { resolved: found } : {}
}

interface Act {
  type: InteractionKind
  data: object
  message?: APIMessage
}

function actOf({ world, records }: RestContext, body: z.infer<typeof interactionBody>, guildId: string): Act {
  if ('command' in body) {
    const command = commandNamed(records, guildId, body.command)
    const options = typed(body.options, command.options)
    const data = { id: command.id, name: command.name, type: command.type, ...resolved(world, guildId, options) }
    const scoped = command.guild_id !== undefined && { guild_id: command.guild_id }
    return { type: 2, data: { ...data, ...scoped, ...(options.length > 0 && { options }) } }
  }
  if ('modal' in body) return { type: 5, data: { custom_id: body.modal, components: body.components } }
  const message = world.messages.get(body.channel_id, body.message_id)
  if (!message) throw new CannotInteract('There is no such message.')
  const { custom_id, component_type, values } = body
  return { type: 3, data: { custom_id, component_type, ...(values && { values, resolved: {} }) }, message }
}

/**
 * Lets somebody use the bot. The bot hears INTERACTION_CREATE, and has three seconds.
 * https://docs.discord.com/developers/interactions/receiving-and-responding#interaction-object
 */
export function interact(context: RestContext, input: InteractionBody): { id: string; token: string } {
  const { world, records, emit } = context
  const body = interactionBody.parse(input)
  const located = world.channel(body.channel_id)
  if (!located) throw new CannotInteract('There is no such channel.')
  const { guild, channel } = located
  const member = world.member(guild.id, body.user_id)
  const has = world.permissions(located, body.user_id)
  if (!member || !(has & Bit.ViewChannel)) throw new CannotInteract('They cannot see that channel.')
  if ('command' in body && !(has & Bit.UseApplicationCommands)) {
    throw new CannotInteract('They may not use commands in that channel.')
  }
  const { type, data, message } = actOf(context, body, guild.id)
  const interactionId = world.nextId()
  const token = `interaction-${world.random.hex(48)}`
  records.interactions.set(interactionId, {
    id: interactionId,
    token,
    type,
    guildId: guild.id,
    channelId: channel.id,
    userId: body.user_id,
    messageId: message?.id,
    atMs: world.clock.now(),
    isAnswered: false,
    originalId: undefined,
    ephemeral: new Map(),
  })
  const oldest = records.interactions.keys().next().value
  if (records.interactions.size > INTERACTIONS_KEPT && oldest !== undefined) records.interactions.delete(oldest)

  const payload = {
    id: interactionId,
    application_id: world.bot.id,
    type,
    data,
    guild_id: guild.id,
    guild: { id: guild.id, locale: guild.preferred_locale, features: guild.features },
    channel_id: channel.id,
    channel: { ...channel, permissions: String(has) },
    member: { ...member, permissions: String(has) },
    token,
    version: 1,
    ...(message && { message }),
    app_permissions: String(world.permissions(located, world.bot.id)),
    locale: 'en-US',
    guild_locale: guild.preferred_locale,
    entitlements: [],
    authorizing_integration_owners: { 0: guild.id },
    context: 0,
    attachment_size_limit: 10_485_760,
  }
  emit({ event: 'INTERACTION_CREATE', payload })
  return { id: interactionId, token }
}
