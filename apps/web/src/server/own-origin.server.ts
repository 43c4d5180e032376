import { boot } from './boot.server.ts'

/** Whether that origin is this site's: where the request came in, or where PUBLIC_URL says people reach it. */
export function isOwnOrigin(origin: string, requestUrl: string): boolean {
  return origin === new URL(requestUrl).origin || origin === boot().config.PUBLIC_URL?.origin
}
