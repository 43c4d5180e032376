import type { QueryClient } from '@tanstack/react-query'
import { createRootRouteWithContext, HeadContent, Scripts } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { ErrorPage } from '../components/error-page.tsx'
import { NotFoundPage } from '../components/not-found-page.tsx'
import { readPreferences } from '../hooks/preferences.ts'
import type { UnsentByGuild } from '../hooks/unsent.ts'
import styles from '../styles/app.css?url'

export const Route = createRootRouteWithContext<{ queryClient: QueryClient; unsent: UnsentByGuild }>()({
  beforeLoad: () => ({ preferences: readPreferences() }),
  head: () => ({
    meta: [
      { charSet: 'utf-8' },
      { name: 'viewport', content: 'width=device-width, initial-scale=1, viewport-fit=cover' },
      { name: 'color-scheme', content: 'light dark' },
      { title: 'Gateway Service' },
    ],
    links: [
      { rel: 'stylesheet', href: styles },
      { rel: 'icon', href: '/icon.svg', type: 'image/svg+xml' },
    ],
  }),
  shellComponent: Shell,
  errorComponent: ErrorPage,
  notFoundComponent: NotFoundPage,
})

function Shell({ children }: { children: ReactNode }) {
  const { preferences } = Route.useRouteContext()
  const theme = preferences?.theme ?? undefined
  return (
    // Pressing the theme button sets the attribute on the element itself, maybe before React looks at it.
    <html lang="en" data-theme={theme} suppressHydrationWarning>
      <head>
        <HeadContent />
      </head>
      <body>
        {children}
        <Scripts />
      </body>
    </html>
  )
}
