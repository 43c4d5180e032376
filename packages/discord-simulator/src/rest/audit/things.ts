import { AuditLogEvent as Did } from 'discord-api-types/v10'
import type { APIOverwrite } from 'discord-api-types/v10'
import { fitting, withId } from '../../world/shapes.ts'
import type { Guild, Thread } from '../../world/types.ts'
import type { World } from '../../world/world.ts'
import type { Deed } from './audit-log.ts'
import { changesBetween, deedsBetween } from './changes.ts'
import type { Reader, Thing } from './reader.ts'

/** Deeds of what is made, changed and deleted. A change of nothing that the log knows is no deed. */
function kept<T extends Thing>(
  [made, changed, deleted]: readonly [made: Did, changed: Did, deleted: Did],
  keys: readonly string[],
  find: (guild: Guild, id: string, world: World) => object | undefined,
  options?: (thing: T) => Record<string, string>,
) {
  const deed = (action_type: Did, thing: T, from?: object, to?: object): Deed[] => {
    const changes = changesBetween(from, to, keys)
    if (action_type === changed && changes.length === 0) return []
    return [{ action_type, target_id: thing.id, changes, ...(options && { options: options(thing) }) }]
  }
  return {
    create: ((_, thing) => deed(made, thing, undefined, thing)) as Reader<T>,
    // What an update says nothing of stays as it was.
    update: (({ guild, world }, thing) => {
      const before = find(guild, thing.id, world)
      return deed(changed, thing, before, { ...before, ...thing })
    }) as Reader<T>,
    delete: (({ guild, world }, thing) => deed(deleted, thing, find(guild, thing.id, world))) as Reader<T>,
  }
}

const CHANNEL_KEYS = [
  'name',
  'type',
  'topic',
  'nsfw',
  'rate_limit_per_user',
  'bitrate',
  'user_limit',
  'rtc_region',
  'default_auto_archive_duration',
  'available_tags',
  'default_reaction_emoji',
  'flags',
]
export const channels = kept([Did.ChannelCreate, Did.ChannelUpdate, Did.ChannelDelete], CHANNEL_KEYS, (guild, id) =>
  guild.channels.find((channel) => channel.id === id),
)

/** Each overwrite is a deed of its own. */
export const overwrites: Reader<Thing & { permission_overwrites?: APIOverwrite[] }> = ({ guild }, after) => {
  if (!after.permission_overwrites) return []
  const before = guild.channels.find(({ id }) => id === after.id)
  const [old, next] = [before, after].map(
    (channel) => new Map((channel?.permission_overwrites ?? []).map((overwrite) => [overwrite.id, overwrite])),
  )
  return [...new Set([...(old?.keys() ?? []), ...(next?.keys() ?? [])])].flatMap((id) => {
    const [from, to] = [old?.get(id), next?.get(id)]
    const changes = changesBetween(from, to, ['id', 'type', 'allow', 'deny'])
    if (changes.length === 0) return []
    const action_type = !from
      ? Did.ChannelOverwriteCreate
      : to
        ? Did.ChannelOverwriteUpdate
        : Did.ChannelOverwriteDelete
    const role = guild.roles.find((candidate) => candidate.id === id)
    const options = { id, type: String((to ?? from)?.type), ...(role && { role_name: role.name }) }
    return [{ action_type, target_id: after.id, changes, options }]
  })
}

export const roles = kept(
  [Did.RoleCreate, Did.RoleUpdate, Did.RoleDelete],
  ['name', 'color', 'hoist', 'mentionable', 'permissions'],
  (guild, id) => guild.roles.find((role) => role.id === id),
)

export const flat = (thread: Thread) => ({ ...thread, ...thread.thread_metadata })
export const threads = kept<Thread>(
  [Did.ThreadCreate, Did.ThreadUpdate, Did.ThreadDelete],
  [
    'name',
    'type',
    'archived',
    'locked',
    'auto_archive_duration',
    'rate_limit_per_user',
    'invitable',
    'flags',
    'applied_tags',
  ],
  (guild, id) => guild.threads.filter((thread) => thread.id === id).map(flat)[0],
)

export const stages = kept<Thing & { channel_id?: string }>(
  [Did.StageInstanceCreate, Did.StageInstanceUpdate, Did.StageInstanceDelete],
  ['topic', 'privacy_level'],
  (guild, id) => guild.stage_instances.find((stage) => stage.id === id),
  ({ channel_id }) => (channel_id === undefined ? {} : { channel_id }),
)

export const events = kept(
  [Did.GuildScheduledEventCreate, Did.GuildScheduledEventUpdate, Did.GuildScheduledEventDelete],
  [
    'name',
    'description',
    'channel_id',
    'privacy_level',
    'status',
    'entity_type',
    'scheduled_start_time',
    'scheduled_end_time',
  ],
  (guild, id) => guild.guild_scheduled_events.find((event) => event.id === id),
)

export const rules = kept(
  [Did.AutoModerationRuleCreate, Did.AutoModerationRuleUpdate, Did.AutoModerationRuleDelete],
  ['name', 'event_type', 'trigger_type', 'trigger_metadata', 'actions', 'enabled', 'exempt_roles', 'exempt_channels'],
  (guild, id, world) => world.autoModeration.get(guild.id)?.find((rule) => rule.id === id),
)

const sounds = kept(
  [Did.SoundboardSoundCreate, Did.SoundboardSoundUpdate, Did.SoundboardSoundDelete],
  ['name', 'volume', 'emoji_id', 'emoji_name'],
  (guild, id) => guild.soundboard_sounds.find(({ sound_id }) => sound_id === id),
)

/** A sound is called by its `sound_id`. */
export const ofSound =
  (act: keyof typeof sounds): Reader<{ sound_id: string }> =>
  (before, sound) =>
    sounds[act](before, { ...sound, id: sound.sound_id })

/** Emojis and stickers are told as whole lists: what differs was done. */
export function listed(
  name: 'emojis' | 'stickers',
  acts: readonly [made: Did, changed: Did, deleted: Did],
  keys: readonly string[],
): Reader<Record<string, unknown>> {
  return ({ guild }, payload) => {
    return deedsBetween(fitting(withId, guild[name]), fitting(withId, payload[name]), acts, keys)
  }
}
