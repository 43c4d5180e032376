/** A route that is answered here. */
export interface OAuthRoute {
  method: 'GET' | 'POST'
  path: string
  /** True for what a browser is shown, and not the API. */
  isPage: boolean
}

export const At = {
  page: { method: 'GET', path: '/oauth2/authorize', isPage: true },
  choice: { method: 'POST', path: '/oauth2/authorize', isPage: true },
  token: { method: 'POST', path: '/oauth2/token', isPage: false },
  revoked: { method: 'POST', path: '/oauth2/token/revoke', isPage: false },
} as const satisfies Record<string, OAuthRoute>

/** What is answered here. */
export const OAUTH_ROUTES: readonly OAuthRoute[] = Object.values(At)

/** Which of these a request is for. The page stands beside the API too, where Discord's site has it. */
export function oauthRouteOf(asked: string | undefined, pathname: string): OAuthRoute | undefined {
  // HEAD is GET whose answer goes out without its body.
  const method = asked === 'HEAD' ? 'GET' : asked
  const path = pathname.replace(/^\/api(\/v(9|10))?(?=\/)/, '')
  const route = OAUTH_ROUTES.find((one) => one.method === method && one.path === path)
  return route && (route.isPage || path !== pathname) ? route : undefined
}
