import type { ReactNode } from 'react'
import { Mark } from '../ui/icon.tsx'
import { ThemeButton } from '../frame/theme-button.tsx'

/** A page without a server: whose it is, and in its middle the one thing that it says. */
export function PlainPage({ children }: { children: ReactNode }) {
  return (
    <div className="grid h-dvh grid-cols-[minmax(0,1fr)] grid-rows-[var(--bar)_minmax(0,1fr)]">
      <header className="flex items-center gap-2.5 border-b border-line px-3">
        <Mark />
        <span className="font-title">Gateway Service</span>
        <span className="ms-auto">
          <ThemeButton />
        </span>
      </header>
      <main className="grid min-h-0 justify-center overflow-auto bg-panel">{children}</main>
    </div>
  )
}
