import { useEffect, useState } from 'react'

/** The time, again every `everyMs` until a moment is over; null: there is none, and nothing ticks. */
export function useCountdown(until: number | null, everyMs = 1_000): number {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    if (until === null) return
    const tick = () => {
      setNow(Date.now())
      if (Date.now() >= until) clearInterval(timer)
    }
    const timer = setInterval(tick, everyMs)
    tick()
    return () => clearInterval(timer)
  }, [until, everyMs])
  return now
}
