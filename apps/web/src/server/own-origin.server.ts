import { boot } from './boot.server.ts'
import { isOwnOrigin as isOwn } from './http/origin.ts'

/** Whether that origin is this site's: where the request came in, or where PUBLIC_URL says people reach it. */
export function isOwnOrigin(origin: string, requestUrl: string): boolean {
  return isOwn(origin, new URL(requestUrl).host, boot().config)
}
