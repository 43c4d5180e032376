import { useRouter, type ErrorComponentProps } from '@tanstack/react-router'
import { Button } from './button.tsx'
import { EmptyState } from './empty-state.tsx'

/** The page itself failed. What went wrong is for those who run it; a person gets a way on. */
export function ErrorPage({ error }: ErrorComponentProps) {
  const router = useRouter()
  const signedOut = error instanceof Error && error.message === 'UNAUTHORIZED'
  return (
    <main id="feed" className="h-dvh bg-panel">
      {signedOut ? (
        <EmptyState icon="signOut" level="h1" title="You are not signed in">
          Sign in to see the servers that you and the bot are in.
        </EmptyState>
      ) : (
        <EmptyState
          icon="refused"
          level="h1"
          title="This page could not be shown"
          actions={
            <Button kind="solid" onClick={() => void router.invalidate()}>
              Try again
            </Button>
          }
        >
          Something went wrong here. Nothing was sent or changed.
        </EmptyState>
      )}
    </main>
  )
}
