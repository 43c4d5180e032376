import { PermissionFlagsBits as Bit } from 'discord-api-types/v10'
import type { APIMessage } from 'discord-api-types/v10'
import type { Place } from '../../world/types.ts'
import type { World } from '../../world/world.ts'
import type { RestContext } from '../route.ts'
import { interactionBody } from './body.ts'
import type { InteractionBody, InteractionInput } from './body.ts'
import { CannotInteract } from './cannot-interact.ts'
import { typeOption, useCommand } from './command.ts'
import { useComponent } from './component.ts'
import { sendForm } from './form.ts'
import { INTERACTIONS_KEPT } from './interaction.ts'
import type { Interaction, InteractionKind } from './interaction.ts'
import { Resolved } from './resolved.ts'

interface Act {
  type: InteractionKind
  data: object
  message?: APIMessage | undefined
  optionType?: number
  commandName?: string
  openedBy?: Interaction
}

function actOf(context: RestContext, place: Place, body: InteractionBody): Act {
  const resolved = new Resolved(context, place, body.user_id)
  if ('command' in body) return { type: 2, ...useCommand(context, place, body, resolved) }
  if ('autocomplete' in body) return { type: 4, ...typeOption(context, place, body, resolved) }
  if ('modal' in body) return { type: 5, ...sendForm(context, body, resolved) }
  return { type: 3, ...useComponent(context, body, resolved) }
}

/** A channel that somebody is in, of a guild or with the bot. */
function placeOf(world: World, channelId: string, userId: string): Place {
  const place = world.place(channelId)
  if (!place) throw new CannotInteract('There is no such channel.')
  const isThere = place.guild
    ? world.member(place.guild.id, userId) && (world.permissions(place, userId) & Bit.ViewChannel) !== 0n
    : place.channel.recipients.some(({ id }) => id === userId)
  if (!isThere) throw new CannotInteract('They cannot see that channel.')
  if (userId === world.bot.id) throw new CannotInteract('The bot does not use itself.')
  return place
}

/** Who interacts, and where: a member of a guild, or a user. */
function whoAndWhere(world: World, place: Place, userId: string): object {
  const { guild, channel } = place
  if (!guild) {
    return { user: world.user(userId), channel, context: 1, authorizing_integration_owners: { 0: '0' } }
  }
  const permissions = String(world.permissions(place, userId))
  return {
    guild_id: guild.id,
    guild: { id: guild.id, locale: guild.preferred_locale, features: guild.features },
    channel: { ...channel, permissions },
    member: { ...world.member(guild.id, userId), permissions },
    guild_locale: guild.preferred_locale,
    authorizing_integration_owners: { 0: guild.id },
    context: 0,
  }
}

/** What the bot may do with one person: https://docs.discord.com/developers/interactions/receiving-and-responding#interaction-object */
const IN_DIRECT =
  Bit.ViewChannel | Bit.SendMessages | Bit.EmbedLinks | Bit.AttachFiles | Bit.MentionEveryone | Bit.UseExternalEmojis

/**
 * Lets somebody use the bot. The bot hears INTERACTION_CREATE, and has three seconds.
 * https://docs.discord.com/developers/interactions/receiving-and-responding#interaction-object
 */
export function interact(context: RestContext, input: InteractionInput): { id: string; token: string } {
  const { world, records, emit } = context
  const body = interactionBody.parse(input)
  const place = placeOf(world, body.channel_id, body.user_id)
  const { type, data, message, optionType, commandName, openedBy } = actOf(context, place, body)
  const id = world.nextId()
  const token = `interaction-${world.random.hex(48)}`
  records.interactions.set(id, {
    id,
    token,
    type,
    guildId: place.guild?.id,
    channelId: place.channel.id,
    userId: body.user_id,
    messageId: message?.id,
    commandType: type === 2 ? (Reflect.get(data, 'type') as number) : undefined,
    commandName,
    targetId: 'command' in body ? body.target_id : undefined,
    openedBy,
    optionType,
    atMs: world.clock.now(),
    isAnswered: false,
    answer: undefined,
    form: undefined,
    choices: undefined,
    originalId: undefined,
    sent: new Set(),
    ephemeral: new Map(),
  })
  const oldest = records.interactions.keys().next().value
  if (records.interactions.size > INTERACTIONS_KEPT && oldest !== undefined) records.interactions.delete(oldest)

  const payload = {
    id,
    application_id: world.bot.id,
    type,
    data,
    channel_id: place.channel.id,
    ...whoAndWhere(world, place, body.user_id),
    token,
    version: 1,
    ...(message && { message }),
    app_permissions: String(place.guild ? world.permissions(place, world.bot.id) : IN_DIRECT),
    locale: 'en-US',
    entitlements: [...records.entitlements.values()].filter(({ user_id, guild_id }) =>
      guild_id === undefined ? user_id === body.user_id : guild_id === place.guild?.id,
    ),
    attachment_size_limit: 10_485_760,
  }
  emit({ event: 'INTERACTION_CREATE', payload })
  return { id, token }
}
