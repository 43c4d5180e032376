import { useEffect, useRef } from 'react'
import type { ChannelMessages } from '../../hooks/use-messages.ts'
import { Button } from '../ui/button.tsx'
import { FeedSkeleton } from './feed-skeleton.tsx'

/** So far before its beginning comes in sight the next page is asked for. */
const AHEAD = '600px 0px 0px 0px'

/**
 * Stands where what is older will be, in its size: it comes when one scrolls there. After a failure it comes when one asks.
 * With every page that came this is to be another one: what was in sight then may be in sight still.
 */
export function EarlierMessages({ state, load }: { state: ChannelMessages['earlier']; load: () => void }) {
  const failed = state === 'failed'
  const element = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const target = element.current
    if (target === null || failed) return undefined
    const observer = new IntersectionObserver((entries) => entries.some((entry) => entry.isIntersecting) && load(), {
      root: target.closest('[role=log]'),
      rootMargin: AHEAD,
    })
    observer.observe(target)
    return () => observer.disconnect()
  }, [failed, load])
  return (
    <div ref={element} className="flex flex-col">
      {failed ? (
        <Button kind="quiet" small className="my-2 self-center" onClick={load}>
          Earlier messages were not loaded. Try again
        </Button>
      ) : (
        <FeedSkeleton label="Loading earlier messages" loading={state === 'loading'} />
      )}
    </div>
  )
}
