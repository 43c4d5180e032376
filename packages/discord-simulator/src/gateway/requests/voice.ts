import type { z } from 'zod'
import { voiceEvent } from '../../world/compose.ts'
import { barrierTo, isStage } from '../../world/rooms.ts'
import type { Guild } from '../../world/types.ts'
import { guildsOf } from '../../world/world.ts'
import type { voiceStateUpdate } from '../frames.ts'
import type { Session } from '../session.ts'
import type { RequestContext } from './request.ts'

/** There are no voice servers here. The name is one that can never be found: https://www.rfc-editor.org/rfc/rfc6761 */
const VOICE_ENDPOINT = 'voice.simulator.invalid:443'

const stateOf = (guild: Guild, userId: string) => guild.voice_states.find((state) => state.user_id === userId)

/**
 * Op 4: the bot joins, moves, leaves, or mutes itself. Who joins is told the voice server; what it may not do is passed
 * over in silence. https://docs.discord.com/developers/events/gateway-events#update-voice-state
 */
export function updateVoiceState(context: RequestContext, d: z.infer<typeof voiceStateUpdate>): void {
  const { world, session, emit, reply } = context
  const guild = guildsOf(world, session.shard).find(({ id }) => id === d.guild_id)
  if (!guild) return
  const before = stateOf(guild, world.bot.id)
  const channel_id = d.channel_id ?? null
  if (channel_id === null ? !before : barrierTo(world, guild, channel_id, world.bot.id)) return

  // Another session that joins takes it over from the first.
  const isSame = before?.channel_id === channel_id && before.session_id === session.id
  const next = voiceEvent(world, guild, world.bot.id, {
    channel_id,
    self_mute: d.self_mute ?? false,
    self_deaf: d.self_deaf ?? false,
    ...(!isSame && { suppress: isStage(guild, channel_id) }),
  })
  emit({ event: 'VOICE_STATE_UPDATE', payload: { ...next, session_id: session.id } })
  if (channel_id === null || isSame) return
  const token = world.random.fork(`voice/${session.id}/${session.seq}`).hex(16)
  reply('VOICE_SERVER_UPDATE', { token, guild_id: guild.id, endpoint: VOICE_ENDPOINT })
}

/** A bot leaves voice with the session that took it there. */
export function leaveVoice({ world, emit }: Pick<RequestContext, 'world' | 'emit'>, session: Session): void {
  for (const guild of guildsOf(world, session.shard)) {
    if (stateOf(guild, world.bot.id)?.session_id !== session.id) continue
    emit({ event: 'VOICE_STATE_UPDATE', payload: voiceEvent(world, guild, world.bot.id, { channel_id: null }) })
  }
}
