import type { GuildPayload, JsonObject } from '@repo/event-feed'

/** A client looks at no stage or scheduled event of a channel that is gone, and takes no such channel for the guild's. */
export function comparable(guild: GuildPayload | null) {
  if (!guild) return null
  const channels = new Set<unknown>(guild.channels.map(({ id }) => id))
  const isThere = ({ channel_id: id }: JsonObject) => (id ?? null) === null || channels.has(id)
  const known = (id: unknown) => (channels.has(id) ? id : null)
  const sorted = (entries: readonly JsonObject[], key = 'id') =>
    entries.toSorted((a, b) => String(a[key]).localeCompare(String(b[key])))
  return {
    ...guild,
    system_channel_id: known(guild['system_channel_id']),
    rules_channel_id: known(guild['rules_channel_id']),
    roles: sorted(guild.roles),
    channels: sorted(guild.channels),
    threads: sorted(guild.threads),
    voice_states: sorted(guild.voice_states, 'user_id'),
    stage_instances: sorted(guild.stage_instances.filter(isThere)),
    guild_scheduled_events: sorted(guild.guild_scheduled_events.filter(isThere)),
    // What is in them comes also with messages that not everybody may read.
    members: guild.members.map(({ user }) => idOf(user)).toSorted(byText),
    presences: guild.presences.map(({ user }) => idOf(user)).toSorted(byText),
  }
}

const idOf = (user: unknown) => String((user as JsonObject)['id'])
const byText = (a: string, b: string) => a.localeCompare(b)
