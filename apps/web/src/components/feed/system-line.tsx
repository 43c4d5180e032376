import { clockTime } from '../../live/format.ts'
import type { ViewMessage } from '../../live/view/message-list.ts'
import { useGuild } from '../../hooks/use-guild-store.ts'
import { personOf } from '../../live/view/view-types.ts'
import { Icon } from '../ui/icon.tsx'
import { MarkdownText } from './markdown/markdown-text.tsx'
import { MentionedUsers } from './markdown/mention.tsx'
import { systemText } from './system-text.tsx'

/** What Discord says, not a person. */
export function SystemLine({ message }: { message: ViewMessage }) {
  const { payload, at, deletedAt } = message
  const known = useGuild((snapshot) => snapshot.view.people[payload.author.id])
  const person = known ?? personOf(payload.author)
  const { icon, says, byNobody = false, quote } = systemText(payload)
  return (
    <div
      data-message={message.id}
      data-anchor=""
      className="mt-2 grid grid-cols-[2.25rem_minmax(0,1fr)] items-start gap-x-3 px-5 py-[3px] text-ink-2 max-md:px-3.5"
    >
      <Icon name={icon} className="mt-0.5 justify-self-center text-ink-3" />
      <p className="min-w-0 wrap-anywhere">
        {deletedAt === null ? (
          <MentionedUsers value={payload.mentions}>
            {!byNobody && (
              <>
                <b dir="auto">{person.name}</b>{' '}
              </>
            )}
            {says}
          </MentionedUsers>
        ) : (
          <span className="text-ink-3">Message deleted at {clockTime(deletedAt)}</span>
        )}{' '}
        <time dateTime={new Date(at).toISOString()} className="ms-1 text-xs whitespace-nowrap text-ink-3 tabular-nums">
          {clockTime(at)}
        </time>
      </p>
      {quote !== undefined && deletedAt === null && (
        <MarkdownText
          text={quote}
          scope="inline"
          className="col-start-2 mt-0.5 border-s-2 border-line-strong ps-2 text-ink-2"
        />
      )}
    </div>
  )
}
