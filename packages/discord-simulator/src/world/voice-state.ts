/**
 * A voice state of somebody who hides nothing and shows nothing.
 * https://docs.discord.com/developers/resources/voice#voice-state-object
 */
export const PLAIN_VOICE = {
  deaf: false,
  mute: false,
  self_deaf: false,
  self_mute: false,
  self_video: false,
  suppress: false,
  request_to_speak_timestamp: null,
} as const
