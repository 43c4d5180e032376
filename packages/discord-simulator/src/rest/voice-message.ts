import { MessageFlags } from 'discord-api-types/v10'
import type { Upload } from './body.ts'
import { contentTypeOf } from './content-type.ts'
import { refusal } from './errors.ts'
import type { MessageBody } from './message-body.ts'

/** https://docs.discord.com/developers/resources/message#message-object-message-flags */
export const isVoiceMessage = ({ flags = 0 }: { flags?: number | undefined }): boolean =>
  (flags & MessageFlags.IsVoiceMessage) !== 0

/**
 * A voice message is one sound, with how long it is and what it looks like, and nothing else.
 * https://docs.discord.com/developers/resources/message#voice-messages
 */
export function checkVoiceMessage(body: MessageBody, files: readonly Upload[]): void {
  if (!isVoiceMessage(body)) return
  const has =
    body.content?.trim() || body.embeds?.length || body.components?.length || body.sticker_ids?.length || body.poll
  if (has) throw refusal.voiceWithMore()
  const [file, ...more] = files
  if (!file || !contentTypeOf(file.name)?.startsWith('audio/') || more.length > 0) throw refusal.voiceNotOneSound()
  const about = body.attachments?.find(({ id }) => id === file.index)
  if (about?.duration_secs === undefined || about.waveform === undefined) throw refusal.voiceWithoutMetadata()
}
