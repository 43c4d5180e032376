import { z } from 'zod'
import { newScheduledEvent, newStage, scheduledEvent, stage } from './plan-shapes.ts'
import { channel, emoji, fitting, id, member, newChannel, newMember, newRole, newSound, presence } from './shapes.ts'
import { role, sound, sticker, thread, voiceState } from './shapes.ts'

/** What a guild is a list of. */
const LISTS = {
  roles: role.transform(newRole),
  emojis: emoji,
  stickers: sticker,
  channels: channel.transform(newChannel),
  threads: thread,
  members: member.transform(newMember),
  voice_states: voiceState,
  presences: presence.extend({ status: z.string() }),
  stage_instances: stage.transform(newStage),
  guild_scheduled_events: scheduledEvent.transform(newScheduledEvent),
  soundboard_sounds: sound.transform(newSound),
} as const satisfies Readonly<Record<string, z.ZodType>>

export const guild = z.looseObject({
  id,
  name: z.string().optional(),
  owner_id: id.optional(),
  member_count: z.int().optional(),
  features: z.array(z.string()).optional(),
  description: z.string().nullish(),
  preferred_locale: z.string().optional(),
  system_channel_id: id.nullish(),
  afk_channel_id: id.nullish(),
  widget_channel_id: id.nullish(),
  system_channel_flags: z.int().optional(),
})

/** The lists of a guild, each without what does not fit: all of them, or those that a payload has. */
export function guildLists(payload: object, which: 'all' | 'given'): Record<string, unknown[]> {
  const names = Object.entries(LISTS).filter(([name]) => which === 'all' || name in payload)
  return Object.fromEntries(names.map(([name, shape]) => [name, fitting<unknown>(shape, Reflect.get(payload, name))]))
}
