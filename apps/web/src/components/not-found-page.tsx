import { usePageTitle } from '../hooks/use-page-title.ts'
import { EmptyState } from './empty-state.tsx'
import { PlainPage } from './plain-page.tsx'
import { ServerChoice } from './server-choice.tsx'

export function NotFoundPage() {
  usePageTitle('Page not found', 'Gateway Service')
  return (
    <PlainPage>
      <EmptyState icon="unknown" level="h1" title="There is no such page" actions={<ServerChoice />}>
        The address does not name a server or a channel.
      </EmptyState>
    </PlainPage>
  )
}
