import { PermissionFlagsBits as Bit } from 'discord-api-types/v10'
import type { APIMessage } from 'discord-api-types/v10'
import type { ActiveFault, Faults } from '../faults/faults.ts'
import { CLOSE_REASONS } from '../gateway/close-codes.ts'
import type { ConnectionInfo } from '../gateway/connection.ts'
import type { Gateway } from '../gateway/gateway.ts'
import type { Life } from '../life/life.ts'
import { isText } from '../rest/access.ts'
import type { Command } from '../rest/records.ts'
import { emojiKey } from '../world/message-store.ts'
import { sendBit } from '../world/permissions.ts'
import { barrierTo } from '../world/rooms.ts'
import type { Guild, GuildChannel, Member, Place, Thread } from '../world/types.ts'
import type { World } from '../world/world.ts'

/** What of the simulator is looked at. */
export interface ViewOptions {
  world: World
  gateway: Gateway
  life: Life
  faults: Faults
  botToken: () => string
  /** The bot's commands that somebody is offered in a channel. */
  commands: (place: Place, userId: string) => readonly Command[]
}

/** What somebody may do in a channel. */
export interface Access {
  /** Whether it is kept from @everyone. */
  private: boolean
  view: boolean
  write: boolean
  /** Whether they could come in to talk. */
  enter: boolean
}

/** A message as REST shows it, and with which emojis (their ids or characters) the chosen person has reacted. */
export type ViewedMessage = APIMessage & { reacted: string[] }

/** All that the page shows, at one moment. It is no part of Discord. */
export interface View {
  bot: { id: string; username: string; token: string }
  /** Whether the world lives by itself. */
  life: boolean
  guilds: { id: string; name: string }[]
  guild: Guild | null
  /** The chosen channel's id. */
  channel_id: string | null
  /** Its newest messages, oldest first. */
  messages: ViewedMessage[]
  /** Who is acted as. */
  user_id: string | null
  /** By channel or thread, what they may do there. */
  access: Record<string, Access>
  /** The bot's that they are offered in the chosen channel. */
  commands: readonly Command[]
  /** The newest, newest first. */
  connections: ConnectionInfo[]
  faults: ActiveFault[]
  /** What closing can be done with, and the words that go with it. */
  close_codes: Readonly<Record<number, string>>
}

/** How many messages are shown: as many as Discord gives when not told how many. */
const MESSAGES = 50

/** How many connections are shown. Those that are open come before those that were. */
const CONNECTIONS = 40

/** What was asked for, if it is there; else the first that would do. */
const pick = <T>(list: readonly T[], isIt: (one: T) => boolean, wouldDo: (one: T) => boolean = () => true) =>
  list.find(isIt) ?? list.find(wouldDo)

function accessOf(world: World, guild: Guild, channel: GuildChannel | Thread, userId: string): Access {
  const bits = world.permissions({ guild, channel }, userId)
  const overwrites = ('permission_overwrites' in channel ? channel.permission_overwrites : undefined) ?? []
  return {
    private: overwrites.some(({ id, deny }) => id === guild.id && (BigInt(deny) & Bit.ViewChannel) !== 0n),
    view: (bits & Bit.ViewChannel) !== 0n,
    write: (bits & sendBit(channel)) !== 0n,
    enter: barrierTo(world, guild, channel.id, userId) === undefined,
  }
}

function messagesOf(world: World, channelId: string, userId: string): ViewedMessage[] {
  const newest = world.messages.list(channelId, { limit: MESSAGES }).toReversed()
  return newest.map((message) => ({
    ...message,
    reacted: (message.reactions ?? [])
      .filter(({ emoji }) => world.messages.hasReacted(message.id, userId, emoji))
      .map(({ emoji }) => emojiKey(emoji)),
  }))
}

/** What the page is to show, for the `guild_id`, `channel_id` and `user_id` of a query; of what is not there, the first. */
export function viewOf(options: ViewOptions, query: URLSearchParams): View {
  const { world, gateway, life, faults, botToken, commands } = options
  const guilds = world.guilds()
  const home = world.channel(query.get('channel_id') ?? '')?.guild.id
  const guild = pick(guilds, ({ id }) => id === (query.get('guild_id') ?? home))
  const places: (GuildChannel | Thread)[] = guild ? [...guild.channels, ...guild.threads] : []
  const channel = pick(
    places,
    ({ id }) => id === query.get('channel_id'),
    ({ id, type }) => isText(type) && id === (guild?.system_channel_id ?? id),
  )
  const isPerson = ({ user }: Member) => user.id !== world.bot.id
  const person = pick(
    guild?.members ?? [],
    (member) => isPerson(member) && member.user.id === query.get('user_id'),
    isPerson,
  )?.user.id
  const all = gateway.connections().toReversed()
  const open = all.filter(({ close_code }) => close_code === null)
  const closed = all.filter(({ close_code }) => close_code !== null)
  return {
    bot: { id: world.bot.id, username: world.bot.username, token: botToken() },
    life: life.running,
    guilds: guilds.map(({ id, name }) => ({ id, name })),
    guild: guild ?? null,
    channel_id: channel?.id ?? null,
    messages: channel ? messagesOf(world, channel.id, person ?? '') : [],
    user_id: person ?? null,
    access: guild
      ? Object.fromEntries(places.map((place) => [place.id, accessOf(world, guild, place, person ?? '')]))
      : {},
    commands: guild && channel && person !== undefined ? commands({ guild, channel }, person) : [],
    connections: [...open, ...closed].slice(0, CONNECTIONS),
    faults: faults.active(),
    close_codes: CLOSE_REASONS,
  }
}
