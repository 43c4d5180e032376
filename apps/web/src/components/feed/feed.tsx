import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { continuedOutgoing, feedRows, gapsSince, runOf } from './feed-rows.ts'
import { plural } from '../../live/format.ts'
import { echoOf, type Outgoing } from '../../live/outbox.ts'
import { useBottomAnchor } from './use-bottom-anchor.ts'
import { useChosenInSight } from './use-chosen-in-sight.ts'
import { useFeedWindow } from './use-feed-window.ts'
import { useConversation } from './conversation.tsx'
import { DeletedEdit } from './deleted-edit.tsx'
import { compareSnowflakes } from '@repo/discord-integration/types'
import { indexOfMessage, type ViewMessage } from '../../live/view/message-list.ts'
import { useMessages } from '../../hooks/use-messages.ts'
import { useGuild, useGuildStore } from '../../hooks/use-guild-store.ts'
import type { ViewChannel } from '../../live/view/view-types.ts'
import { Button } from '../ui/button.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { EarlierMessages } from './earlier-messages.tsx'
import { FeedRowView } from './feed-row.tsx'
import { FeedSkeleton } from './feed-skeleton.tsx'
import { HistoryFailed } from './history-failed.tsx'
import { Icon } from '../ui/icon.tsx'
import { OutgoingMessage } from './outgoing-message.tsx'
import { TypingLine } from './typing-line.tsx'
import { MESSAGES } from '../frame/skip-link.tsx'

const noRuns: ReadonlySet<string> = new Set()
const none: readonly string[] = []

/** A channel's messages, anchored at the bottom: nothing that comes moves what someone reads. */
export function Feed({ channel }: { channel: ViewChannel }) {
  const store = useGuildStore()
  const list = useGuild((snapshot) => snapshot.view.messages[channel.id])
  const gaps = useGuild((snapshot) => snapshot.view.gaps)
  const anew = useGuild((snapshot) => snapshot.anew)
  const caughtUp = useGuild((snapshot) => snapshot.caughtUp)
  const outgoing = useGuild((snapshot) => snapshot.outgoing)
  const sent = useGuild((snapshot) => snapshot.sent)
  const { editing, own } = useConversation()
  const history = useMessages(channel.id)
  const [atBottom, setAtBottom] = useState(true)
  const all = history.messages
  const { items, hasEarlier, showEarlier, showFrom } = useFeedWindow(all, atBottom)
  const complete = list?.complete === true && !hasEarlier
  // Read once: from the next moment on, what comes is read as it comes.
  const [newFrom] = useState(() => store.getSnapshot().view.unread[channel.id]?.first ?? null)
  const [unfolded, setUnfolded] = useState<ReadonlySet<string>>(noRuns)
  const here = outgoing.filter((item) => item.channelId === channel.id)
  // Those last written are known as one's own a moment later, when they are there already.
  const echoes = useMemo(() => echoesAmong(all, outgoing), [all, outgoing])
  const written = useMemo(() => new Set([...own, ...sent, ...echoes]), [own, sent, echoes])
  const rows = useMemo(
    () =>
      feedRows(items, {
        gaps: gapsSince(gaps, channel.id),
        anew,
        caughtUp,
        complete,
        newFrom,
        unfolded,
        own: written,
      }),
    [items, gaps, channel.id, anew, caughtUp, complete, newFrom, unfolded, written],
  )
  const mine = here.filter((item) => echoOf(item, all) === undefined)
  const continued = continuedOutgoing(
    rows,
    mine.map((item) => ({ ...item, at: store.byServerClock(item.at) })),
  )
  const { scroller, content, onScroll, toBottom, bring, hold, unseen } = useBottomAnchor(
    { lastKey: items.at(-1)?.id, count: items.length },
    setAtBottom,
  )
  const unfold = useCallback(
    (run: string) => {
      hold()
      setUnfolded((before) => new Set(before).add(run))
      // The button goes, and whoever came by the keyboard goes on reading here.
      scroller.current?.focus({ preventScroll: true })
    },
    [hold, scroller],
  )

  useChosenInSight({
    messages: all,
    scroller,
    bring,
    show: (message) => {
      const run = runOf(rows, message.id)
      if (!items.includes(message)) showFrom(message.id)
      else if (run !== null) setUnfolded((before) => new Set(before).add(run))
      else return false
      return true
    },
  })

  const { id } = channel
  useEffect(() => {
    store.setOpenChannel(id)
    return () => store.setOpenChannel(null)
  }, [store, id])

  // What one writes oneself is looked for at the bottom, wherever one was reading.
  const newestOwn = mine.at(-1)?.requestId
  const seenOwn = useRef(newestOwn)
  useLayoutEffect(() => {
    if (newestOwn !== undefined && newestOwn !== seenOwn.current) toBottom()
    seenOwn.current = newestOwn
  }, [newestOwn, toBottom, seenOwn])

  const empty = history.state === 'ready' && rows.length === 0 && mine.length === 0
  return (
    <div className="relative flex min-h-0 flex-1 flex-col">
      <div
        ref={scroller}
        onScroll={onScroll}
        role="log"
        aria-label={`Messages in ${channel.name}`}
        aria-busy={history.state === 'loading'}
        // A scroller without anything to focus in it has to take the focus itself, or the keyboard cannot scroll it.
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        tabIndex={0}
        id={MESSAGES}
        className="peer focus-inside isolate min-h-0 flex-1 overflow-x-hidden overflow-y-auto pb-5 [overflow-anchor:none] [scrollbar-width:thin]"
      >
        <div ref={content} className="flex min-h-full flex-col justify-end *:flex-none">
          {history.state === 'failed' && <HistoryFailed history={history} />}
          {history.state === 'loading' && <FeedSkeleton />}
          {(hasEarlier || history.hasEarlier) && (
            <EarlierMessages
              key={items[0]?.id}
              state={hasEarlier ? 'idle' : history.earlier}
              load={hasEarlier ? showEarlier : history.loadEarlier}
            />
          )}
          {empty && (
            <div className="flex-1!">
              <EmptyState icon="chat" title="No messages yet">
                This is the start of <bdi>{channel.name}</bdi>. What people write appears here at once.
              </EmptyState>
            </div>
          )}
          {rows.map((row) => (
            <FeedRowView key={row.key} row={row} unfold={unfold} />
          ))}
          {isGone(editing, all) && list?.stale === false && (
            <div className="mt-2 px-5 ps-17 max-md:px-3.5 max-md:ps-[3.875rem]">
              <DeletedEdit key={editing} messageId={editing} deletedAt={null} />
            </div>
          )}
          {mine.map((item, index) => (
            <OutgoingMessage key={item.requestId} item={item} continued={continued[index] === true} />
          ))}
        </div>
      </div>
      {/* The list's ring once more, over what the list holds: its own is under whatever has a ground. */}
      <span
        aria-hidden="true"
        className="pointer-events-none absolute inset-0 hidden rounded-2 outline-2 -outline-offset-2 outline-focus peer-focus-visible:block"
      />
      <TypingLine channelId={channel.id} />
      {unseen > 0 && (
        <Button
          kind="solid"
          small
          onClick={toBottom}
          className="absolute! bottom-2 left-1/2 -translate-x-1/2 shadow-[0_2px_6px_-2px_var(--shadow)]"
        >
          <Icon name="chevronDown" size={14} />
          {plural(unseen, 'new message')}
        </Button>
      )}
    </div>
  )
}

const echoesAmong = (all: readonly ViewMessage[], outgoing: readonly Outgoing[]): readonly string[] => {
  const found = outgoing.flatMap((item) => echoOf(item, all)?.id ?? [])
  return found.length === 0 ? none : found
}

/** Whether a message is not there any more: not as one that was deleted while one looked, either. */
function isGone(id: string | null, all: readonly ViewMessage[]): id is string {
  const [oldest] = all
  if (id === null || oldest === undefined || compareSnowflakes(id, oldest.id) < 0) return false
  return indexOfMessage(all, id) < 0
}
