import { voiceEvent } from '../world/compose.ts'
import type { VoiceChange } from '../world/compose.ts'
import { barrierTo, hasPlace, isStage } from '../world/rooms.ts'
import type { Guild, GuildChannel } from '../world/types.ts'
import type { Happening } from './agenda.ts'
import type { Stage } from './script.ts'

/** How much of a guild is in voice when it is neither empty nor crowded. */
const USUAL_SHARE = 0.65

type VoiceState = Guild['voice_states'][number]

function happening({ world }: Stage, guild: Guild, userId: string, change: VoiceChange): Happening[] {
  return [{ event: 'VOICE_STATE_UPDATE', payload: voiceEvent(world, guild, userId, change) }]
}

/** The voice channels that a member could go to now. */
function roomsFor({ world }: Stage, guild: Guild, userId: string): GuildChannel[] {
  const current = guild.voice_states.find((state) => state.user_id === userId)?.channel_id
  const isOpen = (id: string) => !barrierTo(world, guild, id, userId) && hasPlace(guild, id, userId)
  return guild.channels.filter(({ id }) => id !== current && isOpen(id))
}

function join(stage: Stage, guild: Guild): Happening[] {
  const { world, random } = stage
  // Somebody can be in one voice channel at a time, of all guilds.
  const busy = new Set(world.guilds().flatMap((each) => each.voice_states.map((state) => state.user_id)))
  const free = guild.members.filter((member) => !member.user.bot && !busy.has(member.user.id))
  if (free.length === 0) return []
  const { id } = random.pick(free).user
  const rooms = roomsFor(stage, guild, id)
  if (rooms.length === 0) return []
  const room = random.pick(rooms)
  const suppress = isStage(guild, room.id)
  return happening(stage, guild, id, { channel_id: room.id, self_mute: random.chance(0.4), suppress })
}

function move(stage: Stage, guild: Guild, state: VoiceState): Happening[] {
  const rooms = roomsFor(stage, guild, state.user_id)
  if (rooms.length === 0) return []
  const room = stage.random.pick(rooms)
  const suppress = isStage(guild, room.id)
  return happening(stage, guild, state.user_id, { channel_id: room.id, suppress, self_stream: false })
}

function fiddle(stage: Stage, guild: Guild, state: VoiceState): Happening[] {
  const roll = stage.random.next()
  const change: VoiceChange =
    roll < 0.55
      ? { self_mute: !state.self_mute, self_deaf: false }
      : roll < 0.7
        ? { self_deaf: !state.self_deaf, self_mute: true }
        : roll < 0.85
          ? { self_video: !state.self_video }
          : { self_stream: !state.self_stream }
  return happening(stage, guild, state.user_id, change)
}

/** One change in the voice channels of one of the guilds. */
export function changeVoice(stage: Stage): Happening[] {
  const { world, random } = stage
  const guilds = world.guilds().filter((guild) => !guild.unavailable)
  const first = guilds[0]
  if (!first) return []
  // Most happens in the first.
  const guild = random.chance(0.75) ? first : random.pick(guilds)
  const states = guild.voice_states.filter((state) => state.user_id !== world.bot.id)
  const share = states.length / Math.max(1, guild.members.length - 1)
  if (states.length === 0 || (random.chance(0.45) && random.chance(1 - share / (2 * USUAL_SHARE)))) {
    return join(stage, guild)
  }
  const state = random.pick(states)
  const roll = random.next()
  if (roll < 0.25 * (share / USUAL_SHARE)) return happening(stage, guild, state.user_id, { channel_id: null })
  if (roll < 0.45) return move(stage, guild, state)
  return fiddle(stage, guild, state)
}
