import type { QueryClient } from '@tanstack/react-query'
import { useQuery } from '@tanstack/react-query'
import { createRootRouteWithContext, HeadContent, Outlet, Scripts, useLocation } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { ErrorPage } from '../components/pages/error-page.tsx'
import { NotFoundPage } from '../components/pages/not-found-page.tsx'
import { SignInPage } from '../components/pages/sign-in-page.tsx'
import { viewerQuery } from '../components/frame/viewer-card.tsx'
import { SIGN_IN, signInSearch } from '../sign-in-search.ts'
import { readPreferences } from '../components/frame/preferences.ts'
import { GatewayProvider } from '../hooks/gateway-provider.tsx'
import { PLAIN_TITLE } from '../components/frame/use-page-title.ts'
import { WholeText } from '../components/ui/whole-text.tsx'
import type { Gateway } from '../live/gateway.ts'
import { signInOptions, whoAmI } from '../server/functions.ts'
import latinFont from '@fontsource-variable/inter/files/inter-latin-wght-normal.woff2?url'
import styles from '../styles/app.css?url'

export const Route = createRootRouteWithContext<{ queryClient: QueryClient; gateway: Gateway }>()({
  beforeLoad: () => ({ preferences: readPreferences() }),
  // Once a page: who is looking changes with a new page alone.
  staleTime: Infinity,
  loader: async () => {
    const viewer = await whoAmI()
    return { viewer, options: viewer.user === null ? await signInOptions() : null }
  },
  head: () => ({
    meta: [
      { charSet: 'utf-8' },
      { name: 'viewport', content: 'width=device-width, initial-scale=1, viewport-fit=cover' },
      { name: 'color-scheme', content: 'light dark' },
      { title: PLAIN_TITLE },
    ],
    links: [
      // The styles name it only when they are here, and what is drawn meanwhile would change under the reader (styles/fonts.css).
      // A font is asked for as from anywhere, so the attribute: without it it is fetched twice.
      { rel: 'preload', href: latinFont, as: 'font', type: 'font/woff2', crossOrigin: 'anonymous' },
      { rel: 'stylesheet', href: styles },
      { rel: 'icon', href: '/icon.svg', type: 'image/svg+xml' },
    ],
  }),
  shellComponent: Shell,
  component: Door,
  errorComponent: ErrorPage,
  notFoundComponent: NotFoundPage,
})

/** Nobody is shown anything before they say who they are; every address asks them, and is what they come back to. */
function Door() {
  const { viewer, options } = Route.useLoaderData()
  const { gateway } = Route.useRouteContext()
  const { pathname, href, search } = useLocation()
  const viewerId = useQuery({ ...viewerQuery, initialData: viewer }).data.user?.id ?? null
  if (options === null) {
    return (
      <GatewayProvider gateway={gateway} viewerId={viewerId}>
        <Outlet />
        <WholeText />
      </GatewayProvider>
    )
  }
  const { problem = null, to = '/' } = pathname === SIGN_IN ? signInSearch(search) : { to: href }
  return <SignInPage options={options} problem={problem} to={to} />
}

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
