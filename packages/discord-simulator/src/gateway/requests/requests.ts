import { GatewayOpcodes } from 'discord-api-types/v10'
import type { z } from 'zod'
import { guildsOf } from '../../world/world.ts'
import {
  presenceUpdate,
  requestChannelInfo,
  requestGuildMembers,
  requestSoundboardSounds,
  voiceStateUpdate,
} from '../frames.ts'
import { tellChannelInfo } from './channel-info.ts'
import { MemberRequests } from './members.ts'
import { updatePresence } from './presence.ts'
import type { RequestContext } from './request.ts'
import { updateVoiceState } from './voice.ts'

type Handler = (context: RequestContext, d: unknown) => void

/** The frame has been held against the shape already; here it tells the type. */
const on =
  <T>(shape: z.ZodType<T>, handle: (context: RequestContext, d: T) => void): Handler =>
  (context, d) => {
    const read = shape.safeParse(d)
    if (read.success) handle(context, read.data)
  }

/** What each opcode does that a client sends within a session. One that is not here is taken, and has no effect. */
export function createRequests(): (op: number, context: RequestContext, d: unknown) => void {
  const members = new MemberRequests()
  const handlers = new Map<number, Handler>([
    [GatewayOpcodes.PresenceUpdate, on(presenceUpdate, updatePresence)],
    [GatewayOpcodes.VoiceStateUpdate, on(voiceStateUpdate, updateVoiceState)],
    [GatewayOpcodes.RequestGuildMembers, on(requestGuildMembers, (context, d) => members.answer(context, d))],
    [GatewayOpcodes.RequestSoundboardSounds, on(requestSoundboardSounds, tellSounds)],
    [GatewayOpcodes.RequestChannelInfo, on(requestChannelInfo, tellChannelInfo)],
  ])
  return (op, context, d) => handlers.get(op)?.(context, d)
}

/** https://docs.discord.com/developers/events/gateway-events#request-soundboard-sounds */
function tellSounds({ world, session, reply }: RequestContext, d: z.infer<typeof requestSoundboardSounds>): void {
  for (const { id, soundboard_sounds } of guildsOf(world, session.shard)) {
    if (d.guild_ids.includes(id)) reply('SOUNDBOARD_SOUNDS', { guild_id: id, soundboard_sounds })
  }
}
