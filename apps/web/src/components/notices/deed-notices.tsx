import { Toast } from '@base-ui/react/toast'
import { useNavigate } from '@tanstack/react-router'
import { useEffect, useMemo } from 'react'
import { useDeeds } from '../../hooks/use-deeds.ts'
import { useGuild, useGuildStore } from '../../hooks/use-guild-store.ts'
import { channelOf, noticeOf, type Names, type Notice } from '../../live/deed-words.ts'
import type { Doing } from '../../live/deeds.ts'
import { secondsUntil } from '../../live/hindrance-words.ts'
import { usePageState } from '../frame/page-state.tsx'
import { Button } from '../ui/button.tsx'
import { CopyButton } from '../ui/copy-button.tsx'
import { TOASTS_MAX, ToastCard } from '../ui/toast.tsx'
import { useCountdown } from '../ui/use-countdown.ts'

/**
 * What one asked for and was not done, or of which nobody knows. Over the inspector's oldest rows, or, with the inspector
 * closed, over the oldest messages: never over the composer or the newest message.
 */
export function DeedNotices() {
  return (
    <Toast.Provider timeout={0} limit={TOASTS_MAX}>
      <Told />
      <Toast.Viewport aria-label="Notices" className="notices">
        <Notices />
      </Toast.Viewport>
    </Toast.Provider>
  )
}

type Data = { doing: Doing; notice: Notice }

/** Brings what is not told yet, and takes away what is asked for again. */
function Told() {
  const { deeds } = useGuildStore()
  const items = useDeeds((all) => all)
  const names = useNames()
  const manager = Toast.useToastManager<Data>()
  const { toasts, add, close } = manager
  useEffect(() => {
    const ended = items.filter(({ state }) => state !== 'pending')
    for (const doing of ended) {
      const known = toasts.find(({ id }) => id === doing.requestId)
      if (known?.data?.doing === doing) continue
      const notice = noticeOf(doing, names)
      add({
        id: doing.requestId,
        title: notice.title,
        description: notice.text,
        timeout: 0,
        data: { doing, notice },
        onClose: () => deeds.dismiss(doing.requestId),
      })
    }
    for (const { id, transitionStatus } of toasts) {
      const isOver = !ended.some(({ requestId }) => requestId === id)
      if (isOver && transitionStatus !== 'ending') close(id)
    }
  }, [items, toasts, add, close, names, deeds])
  return null
}

function Notices() {
  const { toasts } = Toast.useToastManager<Data>()
  const more = toasts.filter(({ transitionStatus }) => transitionStatus !== 'ending').length - TOASTS_MAX
  return (
    <>
      {toasts.map((toast) => (toast.data ? <DeedNotice key={toast.id} toast={toast} data={toast.data} /> : null))}
      {more > 0 && (
        <p className="justify-self-end rounded-2 border border-line-strong bg-raised px-2.5 py-0.5 text-xs text-ink-2 tabular-nums">
          {more} more
          <span className="sr-only"> {more === 1 ? 'notice' : 'notices'}, shown when these are dismissed</span>
        </p>
      )}
    </>
  )
}

function DeedNotice({ toast, data: { doing, notice } }: { toast: Toast.Root.ToastObject<Data>; data: Data }) {
  const { deeds, guildId } = useGuildStore()
  const retryAt = doing.failure?.retryAt ?? null
  const now = useCountdown(retryAt)
  const left = retryAt === null ? 0 : secondsUntil(retryAt, now)
  const again = () => void deeds.retry(doing.requestId)
  const { tone, text, code } = notice
  const title = tone === 'wait' && left > 0 ? `${notice.title}: try again in ${left} s` : notice.title
  const detail = `${title}\n${text}\n${code} · ${doing.requestId} · server ${guildId}`
  return (
    <ToastCard toast={toast} tone={tone} title={title} text={text} code={code}>
      {tone === 'wait' && (
        <Button small onClick={again} refused={left > 0 ? `Try again in ${left} s` : undefined}>
          {left > 0 ? `Try again in ${left} s` : 'Try again'}
        </Button>
      )}
      {tone === 'unknown' && (
        <>
          <ShowPlace doing={doing} />
          <Button small onClick={again}>
            Ask again
          </Button>
        </>
      )}
      {tone === 'refused' && <CopyButton text={detail}>Copy details</CopyButton>}
    </ToastCard>
  )
}

function ShowPlace({ doing }: { doing: Doing }) {
  const { guildId } = useGuildStore()
  const navigate = useNavigate()
  const { setView } = usePageState()
  const names = useNames()
  const channelId = channelOf(doing.deed, names)
  if (channelId === null) return null
  return (
    <Button
      small
      onClick={() => {
        setView('feed')
        void navigate({ to: '/guilds/$guildId/channels/$channelId', params: { guildId, channelId } })
      }}
    >
      Show {names.channel(channelId)}
    </Button>
  )
}

/** What things are called, as they are now. */
function useNames(): Names {
  const guild = useGuild((snapshot) => snapshot.guildName) ?? 'this server'
  const channels = useGuild(({ view }) => view.channels)
  const people = useGuild(({ view }) => view.people)
  const voice = useGuild(({ view }) => view.voice)
  return useMemo(
    () => ({
      guild,
      channel: (id) => channels[id]?.name ?? 'a channel that you do not see',
      person: (id) => people[id]?.name ?? 'the member',
      voiceOf: (id) => voice[id]?.channelId ?? null,
    }),
    [guild, channels, people, voice],
  )
}
