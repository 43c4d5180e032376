import { id, newSound, sound as soundShape } from '../shapes.ts'
import type { Guild } from '../types.ts'
import { onGuild, remove, upsert } from './handler.ts'
import type { Handlers } from './handler.ts'

const sound = soundShape.extend({ guild_id: id })

const isSound = (soundId: string) => (candidate: Guild['soundboard_sounds'][number]) => candidate.sound_id === soundId

const soundPut = onGuild(sound, (guild, payload) => {
  const isThis = isSound(payload.sound_id)
  upsert(guild.soundboard_sounds, guild.soundboard_sounds.some(isThis) ? payload : newSound(payload), isThis)
})

/** https://docs.discord.com/developers/events/gateway-events#guild-soundboard-sound-create */
export const soundHandlers: Handlers = {
  GUILD_SOUNDBOARD_SOUND_CREATE: soundPut,
  GUILD_SOUNDBOARD_SOUND_UPDATE: soundPut,
  GUILD_SOUNDBOARD_SOUND_DELETE: onGuild(sound, (guild, { sound_id }) => {
    remove(guild.soundboard_sounds, isSound(sound_id))
  }),
}
