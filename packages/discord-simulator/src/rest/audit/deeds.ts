import { AuditLogEvent as Did } from 'discord-api-types/v10'
import type { APIRole } from 'discord-api-types/v10'
import type { Dispatch, Thread } from '../../world/types.ts'
import type { World } from '../../world/world.ts'
import { changesBetween } from './changes.ts'
import { about, deleted, memberUpdate, pinned } from './people.ts'
import type { Reader, Thing } from './reader.ts'
import { channels, events, flat, listed, overwrites, roles, rules, stages, threads, ofSound } from './things.ts'

/*
 * Which deed a dispatch tells of, when somebody caused it. Deeds of which no dispatch says enough are noted where they are
 * done: moves, messages deleted in bulk, webhooks.
 * https://docs.discord.com/developers/resources/audit-log#audit-log-entry-object-audit-log-events
 */

const INVITE_KEYS = ['code', 'channel_id', 'max_age', 'max_uses', 'temporary', 'uses']

const READERS: Readonly<Record<string, Reader<never>>> = {
  GUILD_UPDATE: ({ guild }, after) => {
    const keys = Object.keys(after).filter((key) => !['id', 'guild_id'].includes(key))
    const changes = changesBetween(guild, after, keys)
    return changes.length > 0 ? [{ action_type: Did.GuildUpdate, target_id: guild.id, changes }] : []
  },
  CHANNEL_CREATE: channels.create,
  CHANNEL_UPDATE: (before, channel: Thing) => [...channels.update(before, channel), ...overwrites(before, channel)],
  CHANNEL_DELETE: channels.delete,
  THREAD_CREATE: (before, thread: Thread) => threads.create(before, flat(thread)),
  THREAD_UPDATE: (before, thread: Thread) => threads.update(before, flat(thread)),
  THREAD_DELETE: threads.delete,
  GUILD_ROLE_CREATE: (before, { role }: { role: APIRole }) => roles.create(before, role),
  GUILD_ROLE_UPDATE: (before, { role }: { role: APIRole }) => roles.update(before, role),
  GUILD_ROLE_DELETE: (before, { role_id }: { role_id: string }) => roles.delete(before, { id: role_id }),
  STAGE_INSTANCE_CREATE: stages.create,
  STAGE_INSTANCE_UPDATE: stages.update,
  STAGE_INSTANCE_DELETE: stages.delete,
  GUILD_SCHEDULED_EVENT_CREATE: events.create,
  GUILD_SCHEDULED_EVENT_UPDATE: events.update,
  GUILD_SCHEDULED_EVENT_DELETE: events.delete,
  AUTO_MODERATION_RULE_CREATE: rules.create,
  AUTO_MODERATION_RULE_UPDATE: rules.update,
  AUTO_MODERATION_RULE_DELETE: rules.delete,
  GUILD_EMOJIS_UPDATE: listed('emojis', [Did.EmojiCreate, Did.EmojiUpdate, Did.EmojiDelete], ['name']),
  GUILD_STICKERS_UPDATE: listed(
    'stickers',
    [Did.StickerCreate, Did.StickerUpdate, Did.StickerDelete],
    ['name', 'description', 'tags'],
  ),
  GUILD_SOUNDBOARD_SOUND_CREATE: ofSound('create'),
  GUILD_SOUNDBOARD_SOUND_UPDATE: ofSound('update'),
  GUILD_SOUNDBOARD_SOUND_DELETE: ofSound('delete'),
  GUILD_BAN_ADD: about(Did.MemberBanAdd),
  GUILD_BAN_REMOVE: about(Did.MemberBanRemove),
  // Who was banned is gone too, and was not kicked.
  GUILD_MEMBER_REMOVE: (before, payload: { user: Thing }) =>
    before.world.bans.get(before.guild.id)?.has(payload.user.id) || payload.user.id === before.doerId
      ? []
      : about(Did.MemberKick)(before, payload),
  GUILD_MEMBER_UPDATE: memberUpdate,
  INVITE_CREATE: (_, invite: object) => [
    { action_type: Did.InviteCreate, target_id: null, changes: changesBetween(undefined, invite, INVITE_KEYS) },
  ],
  INVITE_DELETE: (_, invite: object) => [
    { action_type: Did.InviteDelete, target_id: null, changes: changesBetween(invite, undefined, INVITE_KEYS) },
  ],
  MESSAGE_UPDATE: pinned,
  MESSAGE_DELETE: deleted,
}

/** The deeds that a dispatch tells of. To be asked before the world has changed by it. */
export function deedsOf(world: World, doerId: string, { event, payload }: Dispatch & { payload: object }) {
  const guildId: unknown = Reflect.get(payload, event === 'GUILD_UPDATE' ? 'id' : 'guild_id')
  const guild = typeof guildId === 'string' ? world.guild(guildId) : undefined
  const read = Object.hasOwn(READERS, event) ? READERS[event] : undefined
  if (!guild || !read) return undefined
  return { guildId: guild.id, deeds: read({ world, guild, doerId }, payload as never) }
}
