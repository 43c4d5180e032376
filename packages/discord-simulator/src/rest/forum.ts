import { ChannelFlags, ChannelType, PermissionFlagsBits as Bit } from 'discord-api-types/v10'
import type { APIGuildForumChannel, APIGuildForumTag } from 'discord-api-types/v10'
import { z } from 'zod'
import type { Guild, GuildChannel, Thread } from '../world/types.ts'
import type { World } from '../world/world.ts'
import { need } from './access.ts'
import type { channelBody } from './channel-body.ts'
import { refusal } from './errors.ts'
import { snowflake } from './form.ts'

/** https://docs.discord.com/developers/resources/channel#channel-object (`applied_tags`) */
export const tagsBody = z.array(snowflake).max(5)

type Forum = APIGuildForumChannel
type Fields = Partial<z.infer<typeof channelBody>>

/** A body's tags, each with an id: those that are new get one. */
const tagsFrom = (world: World, tags: NonNullable<Fields['available_tags']>): APIGuildForumTag[] =>
  tags.map(({ id = world.nextId(), name, moderated, emoji_id, emoji_name }) => ({
    id,
    name,
    moderated,
    emoji_id,
    emoji_name,
  }))

/** Null takes something back, nothing leaves it as it is. */
const said = <T>(now: T | undefined, before: T | undefined) => (now === undefined ? before : now)

/** What a forum has besides other channels, before and with what a body says. */
export function forumFields(world: World, fields: Fields, before: GuildChannel | undefined): Partial<Forum> {
  const known = before as Forum | undefined
  const { available_tags, flags } = fields
  return {
    available_tags: available_tags ? tagsFrom(world, available_tags) : (known?.available_tags ?? []),
    default_reaction_emoji: said(fields.default_reaction_emoji, known?.default_reaction_emoji) ?? null,
    default_sort_order: said(fields.default_sort_order, known?.default_sort_order) ?? null,
    default_forum_layout: fields.default_forum_layout ?? known?.default_forum_layout ?? 0,
    flags: flags === undefined ? (known?.flags ?? 0) : flags & ChannelFlags.RequireTag,
  }
}

/** The forum that a thread is a post of. */
function forumOf(guild: Guild, parentId: string | null | undefined): Forum | undefined {
  const parent = guild.channels.find(({ id }) => id === parentId)
  return parent?.type === ChannelType.GuildForum ? parent : undefined
}

/**
 * Refuses tags that the forum does not have (10087), moderated ones for who may not give them, and none at all where one
 * is required: https://docs.discord.com/developers/resources/channel#channel-object-channel-flags
 */
export function checkTags(
  guild: Guild,
  { parent_id }: Pick<Thread, 'parent_id'>,
  tags: readonly string[],
  has: bigint,
): void {
  const forum = forumOf(guild, parent_id)
  if (!forum) throw refusal.wrongChannelType()
  for (const id of tags) {
    const tag = forum.available_tags.find((candidate) => candidate.id === id)
    if (!tag) throw refusal.unknownTag()
    if (tag.moderated) need(has, Bit.ManageThreads)
  }
  if ((forum.flags ?? 0) & ChannelFlags.RequireTag && tags.length === 0) throw refusal.tagRequired()
}
