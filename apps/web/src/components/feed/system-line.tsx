import type { ReactNode } from 'react'
import { Link } from '@tanstack/react-router'
import { messageType } from '../../live/view/discord-values.ts'
import { clockTime } from '../../live/format.ts'
import type { ViewMessage } from '../../live/view/message-list.ts'
import { useGuild, useGuildStore } from '../../hooks/use-guild-store.ts'
import { personOf } from '../../live/view/view-types.ts'
import { Icon, type IconName } from '../ui/icon.tsx'

/** What Discord says, not a person. */
export function SystemLine({ message }: { message: ViewMessage }) {
  const { payload, at, deletedAt } = message
  const known = useGuild((snapshot) => snapshot.view.people[payload.author.id])
  const person = known ?? personOf(payload.author)
  const { icon, says } = lineOf(message)
  return (
    <p className="mt-2 grid grid-cols-[2.25rem_minmax(0,1fr)] items-center gap-x-3 px-5 py-[3px] text-ink-2 max-md:px-3.5">
      <Icon name={icon} className="justify-self-center text-ink-3" />
      <span>
        {deletedAt === null ? (
          <>
            <b dir="auto">{person.name}</b> {says}
          </>
        ) : (
          <span className="text-ink-3">Message deleted at {clockTime(deletedAt)}</span>
        )}{' '}
        <time dateTime={new Date(at).toISOString()} className="ms-1 text-xs whitespace-nowrap text-ink-3 tabular-nums">
          {clockTime(at)}
        </time>
      </span>
    </p>
  )
}

function lineOf({ payload }: ViewMessage): { icon: IconName; says: ReactNode } {
  switch (payload.type as number) {
    case messageType.joined:
      return { icon: 'arrive', says: 'joined the server' }
    case messageType.threadCreated:
      return {
        icon: 'thread',
        says: (
          <>
            started a thread: <ThreadLink id={payload.message_reference?.channel_id} name={payload.content} />
          </>
        ),
      }
    case messageType.pinned:
      return { icon: 'pin', says: 'pinned a message' }
    case messageType.boost:
    case messageType.boostTier1:
    case messageType.boostTier2:
    case messageType.boostTier3:
      return { icon: 'forward', says: 'boosted the server' }
    case messageType.follow:
      return { icon: 'announcement', says: <>follows {payload.content} here</> }
    default:
      return { icon: 'info', says: `did something that this page does not show (type ${payload.type})` }
  }
}

function ThreadLink({ id, name }: { id: string | undefined; name: string }) {
  const store = useGuildStore()
  const there = useGuild((snapshot) => id !== undefined && id in snapshot.view.channels)
  if (id === undefined || !there) return <span dir="auto">{name}</span>
  return (
    <Link
      to="/guilds/$guildId/channels/$channelId"
      params={{ guildId: store.guildId, channelId: id }}
      dir="auto"
      className="text-link underline"
    >
      {name}
    </Link>
  )
}
