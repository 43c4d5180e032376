import type { ChannelMessages } from '../../hooks/use-messages.ts'
import { Button } from '../ui/button.tsx'
import { Icon } from '../ui/icon.tsx'

/** What was said before could not be read. What is said from now on comes all the same. */
export function HistoryFailed({ history }: { history: ChannelMessages }) {
  return (
    <div role="alert" className="mx-5 my-3 flex items-center gap-2.5 text-ink-2 max-md:mx-3.5 max-md:flex-wrap">
      <Icon name="refused" className="text-down" />
      <p className="min-w-0 flex-1 max-md:basis-[calc(100%-1.625rem)]">
        <b className="text-ink">Earlier messages are not shown.</b> {reasons[history.failure ?? ''] ?? reasons['']}
      </p>
      {history.failure !== null && <code className="font-code text-2xs text-ink-3">{history.failure}</code>}
      <Button small onClick={history.retry}>
        Try again
      </Button>
    </div>
  )
}

const reasons: Record<string, string> = {
  '': 'They could not be read. New ones appear here at once.',
  GATEWAY_AWAY: 'The gateway is away. They follow when it is back.',
  MISSING_PERMISSIONS: 'It needs Read Message History. An owner or moderator can give it.',
  TOO_MANY_REQUESTS: 'You have asked for a lot in the last minute. They follow.',
  RATE_LIMITED: 'Discord takes no more questions for now. They follow.',
}
