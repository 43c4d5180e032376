import type { ReactNode } from 'react'
import { useCover } from '../use-cover.ts'

/** Covered until one asks for it. What is beneath has its place already, and is out of reach. */
export function Spoiler({ children }: { children: ReactNode }) {
  const { shown, inside, uncover } = useCover<HTMLSpanElement>()
  return (
    <span className="relative inline-block max-w-full rounded-1 bg-sunken px-0.5 align-top">
      <span ref={inside} tabIndex={-1} className={shown ? '' : 'invisible'}>
        {children}
      </span>
      {!shown && (
        <button
          type="button"
          aria-label="Show spoiler"
          title="Show spoiler"
          onClick={uncover}
          className="absolute inset-0 min-h-full rounded-1 bg-ink-3 hover:bg-ink-2"
        />
      )}
    </span>
  )
}
