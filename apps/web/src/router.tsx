import { CSPProvider } from '@base-ui/react/csp-provider'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { createRouter } from '@tanstack/react-router'
import { routeTree } from './routeTree.gen.ts'

/** A router and its cache for each request on the server, for each page in the browser: nothing leaks from one to another. */
export function getRouter() {
  const queryClient = new QueryClient()
  return createRouter({
    routeTree,
    context: { queryClient },
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
