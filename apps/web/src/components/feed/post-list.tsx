import { Link } from '@tanstack/react-router'
import { useMemo } from 'react'
import { snowflakeTime } from '@repo/discord-integration/types'
import { plural } from '../../live/format.ts'
import { postsOf } from '../../live/view/posts.ts'
import type { Unread, ViewChannel } from '../../live/view/view-types.ts'
import { useGuild, useGuildStore } from '../../hooks/use-guild-store.ts'
import { EmptyState } from '../ui/empty-state.tsx'
import { Icon } from '../ui/icon.tsx'
import { Count, Tag } from '../ui/tag.tsx'
import { useNow } from '../ui/use-now.ts'
import { timeText } from './markdown/time-text.ts'
import { MESSAGES } from '../frame/skip-link.tsx'

/** How often it is looked at how long ago the last answers were. */
const LOOK_MS = 30_000

/** A channel of posts: each in a row, those that were answered last first. */
export function PostList({ channel }: { channel: ViewChannel }) {
  const channels = useGuild((snapshot) => snapshot.view.channels)
  const unread = useGuild((snapshot) => snapshot.view.unread)
  const posts = useMemo(() => postsOf(channels, channel.id), [channels, channel.id])
  const now = useNow(LOOK_MS)
  return (
    <section
      id={MESSAGES}
      tabIndex={-1}
      aria-label={`Posts in ${channel.name}`}
      className="min-h-0 flex-1 overflow-auto"
    >
      {posts.length === 0 ? (
        <EmptyState icon="forum" title="No posts that are active">
          New ones appear here at once. {ARCHIVED}
        </EmptyState>
      ) : (
        <>
          <ul className="py-2">
            {posts.map((post) => (
              <li key={post.id}>
                <PostRow post={post} tagNames={channel.tagNames} unread={unread[post.id]} now={now} />
              </li>
            ))}
          </ul>
          <p className="border-t border-line px-5 py-3 text-xs text-ink-3 max-md:px-3.5">{ARCHIVED}</p>
        </>
      )}
    </section>
  )
}

const ARCHIVED = 'Archived posts are not shown here; Discord has them.'

function PostRow({
  post,
  tagNames,
  unread,
  now,
}: {
  post: ViewChannel
  tagNames: ViewChannel['tagNames']
  unread: Unread | undefined
  now: number
}) {
  const store = useGuildStore()
  const author = useGuild((snapshot) => (post.ownerId === null ? undefined : snapshot.view.people[post.ownerId]))
  const news = unread?.count ?? 0
  const lastAt = snowflakeTime(post.lastMessageId ?? post.id)
  return (
    <Link
      to="/guilds/$guildId/channels/$channelId"
      params={{ guildId: store.guildId, channelId: post.id }}
      className="focus-inside grid grid-cols-[2.25rem_minmax(0,1fr)_auto] items-start gap-x-3 px-5 py-2 text-ink no-underline hover:bg-hover max-md:px-3.5"
    >
      <Icon name={post.pinned ? 'pin' : 'thread'} className="mt-0.5 justify-self-center text-ink-3" />
      <span className="min-w-0">
        <span className="flex min-w-0 flex-wrap items-center gap-x-2 gap-y-1">
          <b dir="auto" className={`min-w-0 text-md wrap-anywhere ${news > 0 ? 'font-title' : 'font-strong'}`}>
            {post.name}
          </b>
          {post.pinned && <Tag>pinned</Tag>}
          {post.locked && (
            <Tag>
              <Icon name="lock" size={11} />
              locked
            </Tag>
          )}
          {tagNames
            .filter(({ id }) => post.tags.includes(id))
            .map(({ id, name }) => (
              <Tag key={id}>{name}</Tag>
            ))}
        </span>
        <span className="block truncate text-xs text-ink-3">
          <bdi className="text-ink-2">{author?.name ?? 'Unknown member'}</bdi>
          {post.messageCount !== null && ` · ${plural(post.messageCount, 'answer')}`}
          {` · ${timeText(lastAt, 'R', now)}`}
        </span>
      </span>
      <span className="min-w-6 pt-0.5 text-end">
        {news > 0 && <span className="sr-only">({news} unread)</span>}
        {news > 0 && <Count value={news} />}
      </span>
    </Link>
  )
}
