import type { APIMessage } from 'discord-api-types/v10'
import { clockTime } from '../../live/format.ts'
import { MarkdownText } from './markdown/markdown-text.tsx'

/** What somebody wrote. */
export function MessageText({ payload }: { payload: Pick<APIMessage, 'content' | 'edited_timestamp'> }) {
  const { content, edited_timestamp: edited } = payload
  return (
    <MarkdownText
      text={content}
      jumbo
      className="max-w-[72ch] text-md text-pretty"
      end={
        edited !== null &&
        edited !== undefined && (
          <span title={clockTime(Date.parse(edited))} className="ms-1 text-xs text-ink-3">
            (edited)
          </span>
        )
      }
    />
  )
}
