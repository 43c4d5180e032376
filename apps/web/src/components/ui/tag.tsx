import type { ReactNode } from 'react'

const tones = {
  plain: 'bg-sunken text-ink-2',
  live: 'bg-live-soft text-live',
  wait: 'bg-wait-soft text-wait',
  down: 'bg-down-soft text-down',
  catch: 'bg-catch-soft text-catch',
  unknown: 'bg-unknown-soft text-unknown',
} as const

/** A word that is no text. The line that it stands in is no higher for it. */
export function Tag({ tone = 'plain', children }: { tone?: keyof typeof tones; children: ReactNode }) {
  return (
    <span
      className={`-my-px inline-flex min-h-[1.125rem] flex-none items-center gap-1 rounded-1 px-[5px] text-2xs/none font-strong whitespace-nowrap ${tones[tone]}`}
    >
      {children}
    </span>
  )
}

/** A number that wants to be seen; above 99 it says no more than that, and null is some. What it counts, the row's own name says. */
export function Count({ value }: { value: number | null }) {
  if (value === null) return <span aria-hidden="true" className="size-2 flex-none rounded-[2px] bg-ink-solid" />
  return (
    <span
      aria-hidden="true"
      className="h-[1.125rem] min-w-5 flex-none rounded-1 bg-ink-solid px-[5px] text-center text-2xs/[1.125rem] font-title text-ink-solid-on tabular-nums"
    >
      {value > 99 ? '99+' : value}
    </span>
  )
}
