import type { ReactNode } from 'react'
import { Icon, type IconName } from './icon.tsx'

/** Stands where content would: what is so, what it means, and what one can do. */
export function EmptyState({
  icon,
  title,
  children,
  actions,
  level = 'h2',
}: {
  icon: IconName
  title: string
  children: ReactNode
  actions?: ReactNode
  level?: 'h1' | 'h2'
}) {
  const Heading = level
  return (
    <div className="grid h-full max-w-[34rem] content-center justify-items-start gap-1 px-8 py-7">
      <Icon name={icon} size={22} className="mb-1.5 text-ink-3" />
      <Heading className="text-lg font-title tracking-[-0.01em]">{title}</Heading>
      <p className="max-w-[46ch] text-ink-2">{children}</p>
      {actions !== undefined && <div className="mt-3 flex flex-wrap gap-2">{actions}</div>}
    </div>
  )
}
