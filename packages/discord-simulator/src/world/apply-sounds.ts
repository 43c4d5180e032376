import { z } from 'zod'
import { id } from './shapes.ts'
import type { Guild } from './types.ts'
import type { World } from './world.ts'

type Sound = Guild['soundboard_sounds'][number]

const sound = z.looseObject({ guild_id: id, sound_id: id })

const change = (next: (sounds: readonly Sound[], payload: z.infer<typeof sound>) => Sound[]) =>
  function apply(world: World, payload: unknown): void {
    const read = sound.safeParse(payload)
    const guild = read.success ? world.guild(read.data.guild_id) : undefined
    if (read.success && guild) guild.soundboard_sounds = next(guild.soundboard_sounds, read.data)
  }

const without = (sounds: readonly Sound[], soundId: string) => sounds.filter(({ sound_id }) => sound_id !== soundId)
const put = change((sounds, payload) => [...without(sounds, payload.sound_id), payload as unknown as Sound])

/** What the dispatches about a guild's soundboard do: https://docs.discord.com/developers/events/gateway-events#guild-soundboard-sound-create */
export const SOUND_HANDLERS = {
  GUILD_SOUNDBOARD_SOUND_CREATE: put,
  GUILD_SOUNDBOARD_SOUND_UPDATE: put,
  GUILD_SOUNDBOARD_SOUND_DELETE: change((sounds, { sound_id }) => without(sounds, sound_id)),
} as const
