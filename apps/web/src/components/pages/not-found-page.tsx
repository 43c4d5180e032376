import { PLAIN_TITLE, usePageTitle } from '../frame/use-page-title.ts'
import { EmptyState } from '../ui/empty-state.tsx'
import { PlainPage } from './plain-page.tsx'
import { ServerChoice } from '../frame/server-choice.tsx'

export function NotFoundPage() {
  usePageTitle('Page not found', PLAIN_TITLE)
  return (
    <PlainPage>
      <EmptyState icon="unknown" level="h1" title="There is no such page" actions={<ServerChoice />}>
        The address does not name a server or a channel.
      </EmptyState>
    </PlainPage>
  )
}
