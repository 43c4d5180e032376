import { Dialog } from '@base-ui/react/dialog'
import type { ReactNode } from 'react'
import { useGuild, useGuildStore } from '../../hooks/use-guild-store.ts'
import { clockTime, count, plural } from '../../live/format.ts'
import type { Gap } from '../../live/view/view-types.ts'
import { useChooseEvent } from '../frame/use-choose-event.ts'
import { buttonClass } from '../ui/button.tsx'
import { dialogBackdrop, dialogPanel } from '../ui/confirm-dialog.tsx'
import { countRestored } from './feed-rows.ts'

/** What is known of a hole in the record, what came back of it, and what nobody will know. */
export function GapDetail({ gap }: { gap: Gap }) {
  return (
    <Dialog.Root>
      <Dialog.Trigger
        className={`${buttonClass('plain', { small: true })} max-md:col-start-2 max-md:mt-1.5 max-md:justify-self-start`}
      >
        What is missing
      </Dialog.Trigger>
      <Dialog.Portal>
        <Dialog.Backdrop className={dialogBackdrop} />
        <Dialog.Popup className={dialogPanel}>
          <Dialog.Title className="text-md font-title">What is missing</Dialog.Title>
          <Known gap={gap} />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  )
}

function Known({ gap }: { gap: Gap }) {
  const { id, from, to, reason, unrestored } = gap
  const chooseEvent = useChooseEvent()
  const { log } = useGuildStore()
  const isKept = id !== null && log.has(id)
  return (
    <>
      <dl className="grid gap-2.5 text-sm text-ink-2">
        <Part name="When">
          <span className="tabular-nums">
            {clockTime(from, 'seconds')}–{clockTime(to, 'seconds')}
          </span>
          : Discord could not replay what happened then.
        </Part>
        <Part name="Restored">
          <Restored gap={gap} />
        </Part>
        <Part name="Not read back">
          {unrestored
            ? 'Messages of one or more channels. Of which, pages are not told.'
            : 'No channel that is known of.'}
        </Part>
        <Part name="Unknown for good">
          Reactions, edits, deletions, and who came to and left voice channels in that time. What holds now is shown.
        </Part>
      </dl>
      <div className="flex flex-wrap items-center justify-end gap-2">
        <p className="me-auto font-code max-md:basis-full text-2xs text-ink-3">
          {id === null ? reason : `${reason} ${id}`}
          {id !== null && !isKept && <span className="block font-sans">No longer among the events of this page.</span>}
        </p>
        {isKept && (
          <Dialog.Close className={buttonClass()} onClick={() => chooseEvent(id)}>
            Show in Events
          </Dialog.Close>
        )}
        <Dialog.Close className={buttonClass('solid')}>Close</Dialog.Close>
      </div>
    </>
  )
}

function Part({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt className="text-xs font-strong text-ink-3">{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}

/** Of all channels, not of this one alone. */
function Restored({ gap }: { gap: Gap }) {
  const messages = useGuild(({ view }) => view.messages)
  const channels = useGuild(({ view }) => view.channels)
  const restored = Object.entries(messages).flatMap(([channelId, { items }]) => {
    const some = countRestored(items, gap)
    return some === 0 ? [] : [{ channelId, some, name: channels[channelId]?.name ?? 'a channel that is gone' }]
  })
  if (restored.length === 0) return 'No message that this page holds.'
  const all = restored.reduce((sum, { some }) => sum + some, 0)
  return (
    <>
      {plural(all, 'message')} that this page holds:{' '}
      {restored.map(({ channelId, name, some }, index) => (
        <span key={channelId}>
          {index > 0 && ', '}
          <bdi className="font-strong text-ink">{name}</bdi> {count(some)}
        </span>
      ))}
      .
    </>
  )
}
