import type { JsonObject } from '../json.ts'
import type { Show, Shown } from './view.ts'

/**
 * By both channels: from a visible one to one that is hidden looks like leaving, and what happens in hidden ones like nothing.
 * Where it is not known where somebody was, they were not to be seen.
 */
export const voiceStateUpdate: Show = (payload, { guild, sight, before }) => {
  const { channel_id: channelId } = payload
  if (typeof payload['user_id'] !== 'string') return null
  if (sight.mayView(guild, channelId)) return as(payload)
  if (!before?.entry || !sight.mayView(guild, before.entry['channel_id'])) return null
  return as(channelId === null ? payload : leaving(payload, before.entry))
}

/** Nothing of how they are there: muted, on video, asking to speak. */
function leaving({ guild_id, user_id, member }: JsonObject, was: JsonObject): JsonObject {
  return {
    guild_id,
    channel_id: null,
    user_id,
    ...(member !== undefined && { member }),
    session_id: was['session_id'],
    deaf: false,
    mute: false,
    self_deaf: false,
    self_mute: false,
    self_video: false,
    suppress: false,
    request_to_speak_timestamp: null,
  }
}

const as = (payload: JsonObject): Shown => ({ event: 'VOICE_STATE_UPDATE', payload })
