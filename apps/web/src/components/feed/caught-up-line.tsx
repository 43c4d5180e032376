import type { ReactNode } from 'react'

/** Where begins what one has not seen. */
export function CaughtUpLine({ children }: { children: ReactNode }) {
  return (
    <output className="mt-3 flex items-center gap-2.5 px-5 text-xs font-strong text-catch before:me-0.5 before:h-px before:w-9 before:bg-current before:opacity-45 after:h-px after:flex-1 after:bg-current after:opacity-45 max-md:px-3.5">
      {children}
    </output>
  )
}
