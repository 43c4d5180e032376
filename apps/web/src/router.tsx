import { CSPProvider } from '@base-ui/react/csp-provider'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { createRouter } from '@tanstack/react-router'
import { createIsomorphicFn, getGlobalStartContext } from '@tanstack/react-start'
import { ErrorPage } from './components/pages/error-page.tsx'
import { NotFoundPage } from './components/pages/not-found-page.tsx'
import { createActingGateway } from './hooks/index.ts'
import { routeTree } from './routeTree.gen.ts'

/** On the server, of the page that is being made; a browser takes it from the page. */
const nonceOfPage = createIsomorphicFn()
  .server((): string | undefined => getGlobalStartContext()?.nonce)
  .client((): string | undefined => undefined)

/** A router and its cache for each request on the server, for each page in the browser: nothing leaks from one to another. */
export function getRouter() {
  const queryClient = new QueryClient()
  const nonce = nonceOfPage()
  return createRouter({
    ...(nonce !== undefined && { ssr: { nonce } }),
    routeTree,
    context: { queryClient, gateway: createActingGateway() },
    defaultErrorComponent: ErrorPage,
    defaultNotFoundComponent: NotFoundPage,
    defaultPreloadStaleTime: 0,
    scrollRestoration: false,
    Wrap: ({ children }) => (
      // Style elements made by a library at run time are what a strict policy forbids; ours does without them.
      <CSPProvider disableStyleElements>
        <QueryClientProvider client={queryClient}>{children}</QueryClientProvider>
      </CSPProvider>
    ),
  })
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof getRouter>
  }
}
