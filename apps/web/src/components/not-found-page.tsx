import { Link } from '@tanstack/react-router'
import { usePageTitle } from '../hooks/use-page-title.ts'
import { buttonClass } from './button.tsx'
import { EmptyState } from './empty-state.tsx'

export function NotFoundPage() {
  usePageTitle('Page not found', 'Gateway Service')
  return (
    <main className="grid h-dvh justify-items-center bg-panel">
      <EmptyState
        icon="unknown"
        level="h1"
        title="There is no such page"
        actions={
          <Link to="/" className={buttonClass()}>
            Choose a server
          </Link>
        }
      >
        The address does not name a server or a channel.
      </EmptyState>
    </main>
  )
}
