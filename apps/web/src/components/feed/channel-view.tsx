import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { firstChannel } from '../../live/view/channel-tree.ts'
import { clockTime } from '../../live/format.ts'
import { holdsPosts } from '../../live/view/discord-values.ts'
import { useGuild, useGuildStore } from '../../hooks/use-guild-store.ts'
import { usePageTitle } from '../frame/use-page-title.ts'
import { Banner } from '../hops/banner.tsx'
import { buttonClass } from '../ui/button.tsx'
import { Composer } from './composer.tsx'
import { ConversationProvider } from './conversation.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { Feed } from './feed.tsx'
import { FeedHead } from './feed-head.tsx'
import { FeedSkeleton } from './feed-skeleton.tsx'
import { MessageMenus } from './message-menus.tsx'
import { PostList } from './post-list.tsx'
import { ServerChoice, useServers } from '../frame/server-choice.tsx'
import { SignInHere } from '../frame/sign-in-here.tsx'
import { SignedOut } from '../frame/signed-out.tsx'
import { MESSAGES } from '../frame/skip-link.tsx'

/** The middle of the page: a channel, or why there is none. */
export function ChannelView({ channelId }: { channelId: string | null }) {
  const channel = useGuild((snapshot) => (channelId === null ? undefined : snapshot.view.channels[channelId]))
  const guild = useGuild((snapshot) => snapshot.view.guild)
  const ended = useEnded()
  // The one that was shown last: if it is there no more, it has gone while it was read.
  const [shownId, setShownId] = useState<string | null>(null)
  if (channel !== undefined && shownId !== channel.id) setShownId(channel.id)
  usePageTitle(channel?.name, guild?.name)
  if (ended !== null) return <Main>{ended}</Main>
  if (channel === undefined) {
    return (
      <Main>
        {guild === null || channelId === null ? (
          <Loading />
        ) : (
          <>
            <Banner />
            <CannotView isLost={shownId === channelId} />
          </>
        )}
      </Main>
    )
  }
  const posts = holdsPosts(channel.type)
  return (
    <Main holdsFeed>
      <FeedHead channel={channel} />
      <Banner />
      {posts ? (
        <PostList channel={channel} />
      ) : (
        <ConversationProvider key={channel.id} channel={channel}>
          <MessageMenus>
            <Feed channel={channel} />
          </MessageMenus>
          <Composer />
        </ConversationProvider>
      )}
    </Main>
  )
}

/**
 * Where one view is shown at a time and it is another, this is out of sight and out of reach, but for a heading: a page
 * has one in each of its views.
 */
function Main({ children, holdsFeed = false }: { children: ReactNode; holdsFeed?: boolean }) {
  const server = useGuild((snapshot) => snapshot.guildName)
  return (
    <main
      {...(!holdsFeed && { id: MESSAGES, tabIndex: -1 })}
      className="flex min-h-0 min-w-0 flex-col bg-panel [grid-area:feed] max-lg:group-[&:not([data-view=feed])]/app:sr-only"
    >
      <h1 className="hidden max-lg:group-[&:not([data-view=feed])]/app:block">{server ?? 'Loading'}</h1>
      <div className="contents max-lg:group-[&:not([data-view=feed])]/app:hidden">{children}</div>
    </main>
  )
}

function Loading() {
  return (
    <>
      <div className="flex h-12 flex-none items-center gap-2.5 border-b border-line px-5 max-md:px-3.5">
        <h1 className="sr-only">Loading</h1>
        <span className="skeleton after-a-moment h-2.5 w-36 rounded-1" />
      </div>
      <Banner />
      <div className="flex min-h-0 flex-1 flex-col justify-end pb-16">
        <FeedSkeleton />
      </div>
    </>
  )
}

function CannotView({ isLost }: { isLost: boolean }) {
  const store = useGuildStore()
  const channels = useGuild((snapshot) => snapshot.view.channels)
  const back = firstChannel(channels)
  return (
    <EmptyState
      icon="lock"
      level="h1"
      title={isLost ? 'You can no longer view this channel' : 'You cannot view this channel'}
      actions={
        back !== undefined && (
          <Link
            to="/guilds/$guildId/channels/$channelId"
            params={{ guildId: store.guildId, channelId: back.id }}
            className={buttonClass()}
          >
            Back to {back.name}
          </Link>
        )
      }
    >
      {isLost
        ? 'It was deleted, or you have View Channel there no more. An owner or moderator can tell you.'
        : 'It needs View Channel, or it does not exist. An owner or moderator can tell you.'}
    </EmptyState>
  )
}

/** Why nothing more is shown of this server, or null. */
function useEnded(): ReactNode {
  const status = useGuild((snapshot) => snapshot.status)
  const removed = useGuild((snapshot) => snapshot.view.removed)
  const name = useGuild((snapshot) => snapshot.guildName)
  const { guildId } = useGuildStore()
  const others = useServers(guildId)
  const choose = <ServerChoice except={guildId} />
  if (status.phase === 'signed-out' && name === null) {
    return (
      <EmptyState icon="signOut" level="h1" title="You are not signed in" actions={<SignInHere />}>
        Your servers are shown to you alone.
      </EmptyState>
    )
  }
  if (status.phase === 'signed-out') return <SignedOut />
  if (status.phase !== 'no-access' && !removed) return null
  if (name === null) {
    return (
      <EmptyState icon="lock" level="h1" title="You cannot view this server" actions={choose}>
        You are not in it, the bot is not in it, or it does not exist.
      </EmptyState>
    )
  }
  return (
    <EmptyState icon="refused" level="h1" title={`You are no longer in ${name}`} actions={choose}>
      The view was closed{status.phase === 'no-access' ? ` at ${clockTime(status.since)}` : ''}.
      {others !== null &&
        (others.length > 0 ? ' Your other servers are not affected.' : ' You have no other server here.')}
    </EmptyState>
  )
}
