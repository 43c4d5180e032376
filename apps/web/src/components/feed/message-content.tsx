import type { APIMessage } from 'discord-api-types/v10'
import { messageFlag } from '../../live/view/discord-values.ts'
import { Attachments } from './message-attachments.tsx'
import { MessageComponents } from './message-components.tsx'
import { Embeds } from './message-embeds.tsx'
import { Stickers } from './message-stickers.tsx'
import { MessageText } from './message-text.tsx'

type Said = Pick<
  APIMessage,
  'content' | 'edited_timestamp' | 'attachments' | 'embeds' | 'components' | 'sticker_items' | 'flags'
>

/** What a message, or one that is passed on, is made of. */
export function Content({ payload }: { payload: Partial<Said> }) {
  const { content = '', edited_timestamp: edited = null, flags = 0 } = payload
  return (
    <>
      {content !== '' && <MessageText payload={{ content, edited_timestamp: edited }} />}
      <Stickers stickers={payload.sticker_items ?? []} />
      <Attachments attachments={payload.attachments ?? []} />
      {(flags & messageFlag.suppressEmbeds) === 0 && <Embeds embeds={payload.embeds ?? []} />}
      <MessageComponents components={payload.components ?? []} />
    </>
  )
}
