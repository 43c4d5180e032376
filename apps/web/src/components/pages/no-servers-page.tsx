import { useQuery } from '@tanstack/react-query'
import { Navigate } from '@tanstack/react-router'
import { Button } from '../ui/button.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { PlainPage } from './plain-page.tsx'
import { guildsQuery } from '../frame/server-switcher.tsx'
import { SignOutButton } from '../frame/sign-out-button.tsx'
import { viewerQuery } from '../frame/viewer-card.tsx'

/** Looks again by itself: a server that starts knows no guilds for its first second. */
const LOOK_AGAIN_MS = 2_000

/** Nothing to choose from, as far as is known now. */
export function NoServersPage() {
  const viewer = useQuery(viewerQuery).data
  const guilds = useQuery({ ...guildsQuery, refetchInterval: LOOK_AGAIN_MS })
  const first = guilds.data?.[0]
  if (first !== undefined) return <Navigate to="/guilds/$guildId" params={{ guildId: first.id }} replace />
  return (
    <PlainPage>
      <EmptyState
        icon="lines"
        level="h1"
        title="No servers in common"
        actions={
          <>
            <Button kind="solid" onClick={() => void guilds.refetch()}>
              Check again
            </Button>
            {viewer?.user && <SignOutButton of={viewer.user.id}>Sign out</SignOutButton>}
          </>
        }
      >
        {viewer?.user ? (
          <>
            You are signed in as <bdi>{viewer.user.username}</bdi>. Servers appear here when both you and the bot are in
            them.
          </>
        ) : (
          'Servers appear here when the bot is in them.'
        )}
      </EmptyState>
    </PlainPage>
  )
}
