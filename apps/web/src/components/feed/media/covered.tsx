import type { ReactNode } from 'react'
import { Icon } from '../../ui/icon.tsx'
import { useCover } from '../use-cover.ts'

/** What somebody marked as a spoiler, of a size that is known: covered until one asks for it. The words on it have room. */
export function Covered({ by, children }: { by: boolean; children: ReactNode }) {
  const { shown, inside, uncover } = useCover<HTMLDivElement>()
  if (!by) return children
  return (
    <div className="relative min-h-8 max-w-full min-w-32 overflow-hidden rounded-3 touch:min-h-11">
      <div ref={inside} tabIndex={-1} className={shown ? '' : 'invisible'}>
        {children}
      </div>
      {!shown && (
        <button
          type="button"
          onClick={uncover}
          className="absolute inset-0 flex items-center justify-center gap-1.5 rounded-3 border border-line-strong bg-sunken px-2 text-xs font-strong text-ink-2 hover:bg-hover hover:text-ink"
        >
          <Icon name="lock" size={14} />
          Show spoiler
        </button>
      )}
    </div>
  )
}
