import { Link, useParams } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { ChannelNode } from '../../live/view/channel-tree.ts'
import { channelType, holdsPosts, isVoice } from '../../live/view/discord-values.ts'
import { plural } from '../../live/format.ts'
import { usePageState } from '../frame/page-state.tsx'
import { useGuild, useGuildStore } from '../../hooks/use-guild-store.ts'
import { isUnread, type ViewChannel, type ViewVoice } from '../../live/view/view-types.ts'
import { ChannelIcon } from './channel-icon.tsx'
import { Count } from '../ui/tag.tsx'
import { VoiceMembers } from './voice-members.tsx'

const nobody: readonly ViewVoice[] = []

/** A channel, its threads, and, where it is spoken in, who is there. */
export function ChannelRow({
  node: { channel, threads },
  occupants = nobody,
  onlyIfLive,
}: {
  node: ChannelNode
  occupants?: readonly ViewVoice[] | undefined
  /** In a closed category: shown only while it is read, or has something new, or somebody in it. */
  onlyIfLive: boolean
}) {
  const openId = useParams({ strict: false, select: (params) => params.channelId })
  // Which, and not how many: a link to a page is dear to draw, and each message counts.
  const news = useGuild(({ view: { unread } }) =>
    [channel, ...threads].flatMap(({ id }) => (isUnread(unread[id]) ? [id] : [])).join(' '),
  ).split(' ')
  const isLive = (id: string) => id === openId || news.includes(id)
  const spoken = isVoice(channel.type)
  // Posts are listed where their channel is read; here are those that one reads or that have something new.
  const onlyLiveThreads = onlyIfLive || holdsPosts(channel.type)
  const shownThreads = onlyLiveThreads ? threads.filter((thread) => isLive(thread.id)) : threads
  if (onlyIfLive && !isLive(channel.id) && occupants.length === 0 && shownThreads.length === 0) return null
  return (
    <>
      <li>
        <ChannelLink channel={channel} occupants={spoken ? occupants.length : null} />
      </li>
      {spoken && <About channel={channel} />}
      {spoken && occupants.length > 0 && (
        <VoiceMembers states={occupants} isStage={channel.type === channelType.stage} />
      )}
      {shownThreads.map((thread) => (
        <li key={thread.id}>
          <ChannelLink channel={thread} occupants={null} nested />
        </li>
      ))}
    </>
  )
}

/** What a stage or a voice channel says it is about at the moment. */
function About({ channel }: { channel: ViewChannel }) {
  const stage = useGuild((snapshot) => snapshot.view.stages[channel.id])
  const says = stage?.topic ?? channel.status
  if (says === null || says === '') return null
  return (
    <li
      dir="auto"
      title={says}
      className="ms-[1.1875rem] truncate border-s border-line ps-3 pe-2 text-2xs/5 text-ink-3"
    >
      {stage !== undefined && <span className="font-strong text-live">live · </span>}
      {says}
    </li>
  )
}

function ChannelLink({
  channel,
  occupants,
  nested = false,
}: {
  channel: ViewChannel
  occupants: number | null
  nested?: boolean
}) {
  const store = useGuildStore()
  const { setView } = usePageState()
  const unread = useGuild((snapshot) => snapshot.view.unread[channel.id])
  const hasNews = isUnread(unread)
  // Without a number where nobody knows it.
  const news = unread?.isWhole === true ? unread.count : null
  const mentions = unread?.mentions ?? 0
  // What the icon, the number of people and the count show, in words.
  const notes = [
    ...(channel.isPrivate ? ['private channel'] : []),
    ...(hasNews ? [mentions > 0 ? plural(mentions, 'mention') : news === null ? 'unread' : `${news} unread`] : []),
    ...(occupants === null ? [] : [`${occupants} in it`]),
  ]
  return (
    <Link
      to="/guilds/$guildId/channels/$channelId"
      params={{ guildId: store.guildId, channelId: channel.id }}
      data-arrow-stop
      title={channel.name}
      onClick={() => setView('feed')}
      className={`focus-inside relative flex min-h-7 w-full items-center gap-2 rounded-2 pe-2 no-underline hover:bg-hover hover:text-ink aria-[current]:bg-selected aria-[current]:font-strong aria-[current]:text-ink aria-[current]:before:absolute aria-[current]:before:inset-y-1.5 aria-[current]:before:-start-2 aria-[current]:before:w-[3px] aria-[current]:before:rounded-e-[2px] aria-[current]:before:bg-live touch:min-h-11 ${
        nested ? 'ps-8 text-xs' : 'ps-2'
      } ${hasNews ? 'font-strong text-ink' : 'text-ink-2'}`}
    >
      <ChannelIcon channel={channel} />
      <span dir="auto" className="min-w-0 flex-1 truncate">
        {channel.name}
      </span>
      {/* In brackets, since a space stands between two elements wherever they are read out. */}
      {notes.length > 0 && <span className="sr-only">({notes.join(', ')})</span>}
      {occupants !== null && <Occupancy>{occupancy(occupants, channel.userLimit)}</Occupancy>}
      {hasNews && <Count value={mentions > 0 ? mentions : news} />}
    </Link>
  )
}

function Occupancy({ children }: { children: ReactNode }) {
  return (
    <span aria-hidden="true" className="text-2xs font-text text-ink-3 tabular-nums">
      {children}
    </span>
  )
}

const occupancy = (there: number, limit: number): string => (limit === 0 ? String(there) : `${there} / ${limit}`)
