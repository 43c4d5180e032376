import { ChannelType } from 'discord-api-types/v10'
import { compareSnowflakes } from '../snowflake.ts'
import type { Guild, GuildChannel } from '../world/types.ts'
import { isVoice } from './access.ts'
import { refusal } from './errors.ts'
import type { FieldError } from './errors.ts'

/** https://docs.discord.com/developers/resources/channel#channel-object-channel-types */
const CHANNELS_PER_CATEGORY = 50

/** What is listed together: categories, what is talked in, what is written in. */
const kindOf = (type: ChannelType) =>
  type === ChannelType.GuildCategory ? 'category' : isVoice(type) ? 'voice' : 'text'

const parentOf = (channel: GuildChannel): string | null => ('parent_id' in channel && channel.parent_id) || null

/** Where a new channel stands: below all of its kind. */
export const lastPosition = (guild: Guild, type: ChannelType): number =>
  Math.max(-1, ...guild.channels.filter((channel) => kindOf(channel.type) === kindOf(type)).map((c) => c.position)) + 1

/** Why something cannot be a channel's parent, if it cannot: only categories have children, and none has a parent. */
export function parentFault(guild: Guild, channel: { id?: string; type: ChannelType }, parentId: string) {
  const parent = guild.channels.find(({ id }) => id === parentId)
  const path = ['parent_id']
  const because = (code: string, message: string): FieldError => ({ path, code, message })
  if (!parent) return because('CHANNEL_PARENT_INVALID', 'Category does not exist')
  if (channel.type === ChannelType.GuildCategory) {
    return because('CHANNEL_PARENT_INVALID', 'Categories cannot have subcategories')
  }
  if (parent.type !== ChannelType.GuildCategory) return because('CHANNEL_PARENT_INVALID_TYPE', 'Not a category')
  const inside = guild.channels.filter((each) => parentOf(each) === parentId && each.id !== channel.id)
  if (inside.length < CHANNELS_PER_CATEGORY) return undefined
  const message = `Maximum number of channels in category reached (${CHANNELS_PER_CATEGORY})`
  return because('CHANNEL_PARENT_MAX_CHANNELS', message)
}

export function checkParent(guild: Guild, channel: { id?: string; type: ChannelType }, parentId: string): void {
  const fault = parentFault(guild, channel, parentId)
  if (fault) throw refusal.invalidForm([fault])
}

/** Within a list of those that are listed together, who gives way to the placed ones, and goes where. */
function givingWay(list: readonly GuildChannel[], isPlaced: (channel: GuildChannel) => boolean): GuildChannel[] {
  const taken = new Set(list.filter(isPlaced).map(({ position }) => position))
  const order = list.toSorted(
    (a, b) => a.position - b.position || Number(isPlaced(b)) - Number(isPlaced(a)) || compareSnowflakes(a.id, b.id),
  )
  // The position of the last that was placed or gave way: nobody else may have it, or one above.
  let last = -1
  return order.flatMap((channel) => {
    if (isPlaced(channel)) {
      last = Math.max(last, channel.position)
      return []
    }
    if (channel.position > last) return []
    let position = last + 1
    while (taken.has(position)) position++
    last = position
    return [{ ...channel, position }]
  })
}

/**
 * The channels besides the changed ones that are at another position after the change: whoever stood where one was placed
 * goes one further down, and so on up to the next gap. Channels of other kinds and categories are not in the way.
 *
 * https://docs.discord.com/developers/resources/guild#modify-guild-channel-positions
 *
 * @param placed those that were given a position, as they are after the change
 */
export function pushedAside(
  guild: Guild,
  changed: readonly GuildChannel[],
  placed: ReadonlySet<string>,
): GuildChannel[] {
  const news = new Map(changed.map((channel) => [channel.id, channel]))
  const known = guild.channels.map((channel) => news.get(channel.id) ?? channel)
  const all = [...known, ...changed.filter(({ id }) => !guild.channels.some((channel) => channel.id === id))]
  const groupOf = (channel: GuildChannel) => `${kindOf(channel.type)}/${parentOf(channel)}`
  const groups = new Set(changed.filter(({ id }) => placed.has(id)).map(groupOf))
  return [...groups].flatMap((group) =>
    givingWay(
      all.filter((channel) => groupOf(channel) === group),
      ({ id }) => placed.has(id),
    ),
  )
}
