import { useRef } from 'react'
import { useGuildStore } from '../../hooks/use-guild-store.ts'
import type { Attachment } from '../../live/attachments.ts'
import { byteSize, plural } from '../../live/format.ts'
import { Button } from '../ui/button.tsx'
import { Icon } from '../ui/icon.tsx'
import { focusComposer, useConversation } from './conversation.tsx'
import type { Attaching } from './use-attaching.ts'

/** Tried again, the same file would be refused again. */
const FOR_GOOD: ReadonlySet<string> = new Set(['EMPTY', 'UPLOAD_TOO_LARGE', 'BAD_REQUEST', 'FORBIDDEN'])

/** Over the field: the files that go with what one writes, and what was not attached. */
export function AttachedFiles({ files, notice, remove }: Pick<Attaching, 'files' | 'notice' | 'remove'>) {
  const list = useRef<HTMLUListElement>(null)
  /** The keyboard goes on where it was: at the file after it, else before it, else in the field. */
  const refocus = (index: number) => {
    const left = files.length - 1
    requestAnimationFrame(() => {
      const buttons = list.current?.querySelectorAll<HTMLButtonElement>('[data-remove]')
      if (left === 0 || buttons === undefined) focusComposer()
      else buttons[Math.min(index, left - 1)]?.focus()
    })
  }
  return (
    <>
      {files.length > 0 && (
        <ul
          ref={list}
          aria-label="Files to send"
          className="flex max-h-40 flex-wrap touch:max-h-46 gap-1.5 overflow-y-auto border-b border-line p-1.5 [scrollbar-width:thin]"
        >
          {files.map((file, index) => (
            <AttachedFile
              key={file.id}
              file={file}
              remove={() => {
                remove(file.id)
                refocus(index)
              }}
            />
          ))}
        </ul>
      )}
      {notice !== '' && (
        <p role="alert" className="flex items-center gap-1.5 border-b border-line px-3 py-1.5 text-xs text-down">
          <Icon name="refused" size={14} />
          <span dir="auto" className="min-w-0">
            {notice}
          </span>
        </p>
      )}
      <output className="sr-only">{saidOf(files)}</output>
    </>
  )
}

/** What was added last is what one looks for. */
const intoSight = (item: HTMLElement | null): void => item?.scrollIntoView({ block: 'nearest' })

function AttachedFile({ file, remove }: { file: Attachment; remove: () => void }) {
  const { channel } = useConversation()
  const { attachments } = useGuildStore()
  const { id, name, size, failure } = file
  const isRefused = failure !== null
  return (
    <li
      ref={intoSight}
      className={`relative flex min-h-8 max-w-full min-w-0 items-center gap-x-2 rounded-2 border bg-canvas ps-2 text-xs touch:min-h-11 ${
        isRefused ? 'border-down' : 'border-line'
      }`}
    >
      <Icon name={isRefused ? 'refused' : 'file'} size={14} className={isRefused ? 'text-down' : ''} />
      <span className="flex min-w-0 flex-wrap items-baseline gap-x-2 py-1">
        <span dir="auto" title={name} className="max-w-52 min-w-0 truncate font-strong">
          {name}
        </span>
        <span className="flex-none text-ink-3 tabular-nums">{byteSize(size)}</span>
        {isRefused ? (
          <span role="alert" className="min-w-0 text-down">
            {failure.message}
          </span>
        ) : (
          <UnderWay file={file} />
        )}
      </span>
      {isRefused && !FOR_GOOD.has(failure.code) && (
        <button
          type="button"
          aria-label={`Try again: ${name}`}
          onClick={() => attachments.retry(channel.id, id)}
          className="touch-target flex-none font-strong text-down underline underline-offset-2"
        >
          Try again
        </button>
      )}
      <Button kind="quiet" small icon data-remove="" aria-label={`Remove ${name}`} onClick={remove} className="ms-auto">
        <Icon name="close" size={14} />
      </Button>
    </li>
  )
}

/** How far it is, in a width of its own: nothing moves for a figure. */
function UnderWay({ file: { name, size, sent, uploaded } }: { file: Attachment }) {
  if (uploaded !== null) return null
  const share = Math.min(1, (sent ?? 0) / size)
  return (
    <>
      <span className="min-w-[4.5rem] flex-none text-ink-3 tabular-nums">
        {sent === null ? 'Waiting' : share === 1 ? 'Finishing' : `${Math.floor(share * 100)} %`}
      </span>
      <progress aria-label={`Uploading ${name}`} value={share} max={1} className="upload-progress" />
    </>
  )
}

/** For who does not see it: when it begins, and when all are there. Each refusal says itself. */
function saidOf(files: readonly Attachment[]): string {
  const ready = files.filter(({ uploaded }) => uploaded !== null).length
  const underWay = underWayOf(files)
  if (underWay > 0) return `Uploading ${plural(underWay, 'file')}`
  return ready > 0 ? `${plural(ready, 'file')} attached` : ''
}

/** How many are not there yet, and may be. */
export const underWayOf = (files: readonly Attachment[]): number =>
  files.filter(({ uploaded, failure }) => uploaded === null && failure === null).length
