import { useRouter, type ErrorComponentProps } from '@tanstack/react-router'
import { useEffect } from 'react'
import { PLAIN_TITLE, usePageTitle } from '../frame/use-page-title.ts'
import type { FunctionErrorCode } from '../../server/function-error.ts'
import { Button } from '../ui/button.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import type { IconName } from '../ui/icon.tsx'
import { PlainPage } from './plain-page.tsx'

type Says = { icon: IconName; title: string; text: string; again: boolean; byItself: boolean }

/** What a person reads for a code that means something to them; what else went wrong is for those who run this. */
const says: Readonly<Record<string, Says>> = {
  UNAUTHORIZED: {
    icon: 'signOut',
    title: 'You are not signed in',
    text: 'Your session ended in another window or was withdrawn. Load the page again to sign in.',
    again: false,
    byItself: false,
  },
  GATEWAY_AWAY: {
    icon: 'away',
    title: 'The gateway is away',
    text: 'Your servers appear here when it is back. This page looks again by itself.',
    again: true,
    byItself: true,
  },
  RATE_LIMITED: {
    icon: 'clock',
    title: 'Discord takes no more questions for now',
    text: 'Your servers appear here in a moment. This page looks again by itself.',
    again: true,
    byItself: true,
  },
  TOO_MANY_REQUESTS: {
    icon: 'clock',
    title: 'You have asked for a lot',
    text: 'Your servers appear here in a moment. This page looks again by itself.',
    again: true,
    byItself: true,
  },
} satisfies Partial<Record<FunctionErrorCode, Says>>

const other: Says = {
  icon: 'refused',
  title: 'This page could not be shown',
  text: 'Something went wrong here. Nothing was sent or changed.',
  again: true,
  byItself: false,
}

/** Between two looks; the server's answer may take three seconds more. */
const LOOK_AGAIN_MS = 2_000

/** The page itself failed; a person gets a way on. */
export function ErrorPage({ error }: ErrorComponentProps) {
  const router = useRouter()
  const code = error instanceof Error && Object.hasOwn(says, error.message) ? error.message : null
  const { icon, title, text, again, byItself } = code === null ? other : says[code]!
  usePageTitle(title, PLAIN_TITLE)
  useEffect(() => {
    if (!byItself) return undefined
    const timer = setInterval(() => void router.invalidate(), LOOK_AGAIN_MS)
    return () => clearInterval(timer)
  }, [router, byItself])
  return (
    <PlainPage>
      <EmptyState
        icon={icon}
        level="h1"
        title={title}
        {...(again && {
          actions: (
            <Button kind="solid" onClick={() => void router.invalidate()}>
              Try again
            </Button>
          ),
        })}
      >
        {text}
        {code !== null && <code className="ms-2 font-code text-2xs text-ink-3">{code}</code>}
      </EmptyState>
    </PlainPage>
  )
}
