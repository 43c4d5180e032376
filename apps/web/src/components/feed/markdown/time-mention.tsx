import { useState } from 'react'
import { useNow } from '../../ui/use-now.ts'
import type { TimeStyle } from './nodes.ts'
import { timeStays, timeText } from './time-text.ts'

/** How often it is looked at how long ago it was, at first, in ms. */
const LOOK_MS = 1_000

/** A moment in a message. How long ago it is goes on being true. */
export function TimeMention({ at, style }: { at: number; style: TimeStyle }) {
  return style === 'R' ? <Relative at={at} /> : <Time at={at} text={timeText(at, style, at)} />
}

function Relative({ at }: { at: number }) {
  const [every, setEvery] = useState(LOOK_MS)
  const now = useNow(every)
  const stays = timeStays(at, now)
  if (stays !== every) setEvery(stays)
  return <Time at={at} text={timeText(at, 'R', now)} />
}

function Time({ at, text }: { at: number; text: string }) {
  return (
    <time
      dateTime={new Date(at).toISOString()}
      title={timeText(at, 'F', at)}
      className="rounded-1 bg-sunken px-1 whitespace-normal tabular-nums"
    >
      {text}
    </time>
  )
}
