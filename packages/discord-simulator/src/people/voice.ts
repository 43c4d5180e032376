import type { APIVoiceState } from 'discord-api-types/v10'
import { refusal } from '../rest/errors.ts'
import { voiceEvent } from '../world/compose.ts'
import type { VoiceChange } from '../world/compose.ts'
import { barrierTo, isStage } from '../world/rooms.ts'
import type { Dispatch, Guild, Member } from '../world/types.ts'
import type { World } from '../world/world.ts'
import { personIn, refuse } from './person.ts'

type Change = Pick<VoiceChange, 'self_mute' | 'self_deaf'>
type Emit = (dispatch: Dispatch & { payload: object }) => void

const stateOf = (guild: Guild, userId: string) => guild.voice_states.find((state) => state.user_id === userId)

function enter(world: World, guild: Guild, member: Member, channelId: string): void {
  const name = guild.channels.find(({ id }) => id === channelId)?.name
  if (name === undefined) throw refusal.unknownChannel()
  switch (barrierTo(world, guild, channelId, member.user.id)) {
    case undefined:
      return
    case 'no_room':
      throw refuse.noRoom(name)
    case 'not_seen':
      throw refuse.unseen(member, name)
    case 'not_let_in':
      throw refuse.missing(member, name, 'Connect')
    case 'full':
      throw refuse.full(name)
  }
}

/** Takes somebody into voice, elsewhere, out of it (`null`), or changes how they are in it (undefined: they stay). */
export function moveInVoice(
  { world, emit }: { world: World; emit: Emit },
  { userId, guild, to, change }: { userId: string; guild: Guild; to: string | null | undefined; change: Change },
): APIVoiceState {
  const member = personIn(world, guild, userId)
  const before = stateOf(guild, userId)
  const channel_id = to === undefined ? (before?.channel_id ?? null) : to
  if (channel_id === null && !before) throw refuse.notInVoice(member)
  const moves = channel_id !== (before?.channel_id ?? null)
  if (moves && channel_id !== null) enter(world, guild, member, channel_id)

  const tell = (place: Guild, what: VoiceChange) => {
    const payload = voiceEvent(world, place, userId, what)
    emit({ event: 'VOICE_STATE_UPDATE', payload })
    return payload
  }
  // Somebody can be in one voice channel at a time, of all guilds.
  const elsewhere = world.guilds().find((other) => other !== guild && stateOf(other, userId))
  if (elsewhere && channel_id !== null) tell(elsewhere, { channel_id: null })
  const arrival = moves && channel_id !== null && { suppress: isStage(guild, channel_id), self_stream: false }
  return tell(guild, { channel_id, ...arrival, ...change })
}
