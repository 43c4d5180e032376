import { viewerOf } from './auth/viewer.server.ts'
import type { Runtime } from './boot.server.ts'
import { hasChannel } from './functions.server.ts'

/** `/guilds/<id>`, and below it perhaps `/channels/<id>`. */
const PAGE = /^\/guilds\/([^/]+)(?:\/channels\/([^/]+))?/

/**
 * The status of a page, for those who do not read it. The page itself is the same for every server and says in words
 * what it learns from the stream, whose answer this follows: 401 without a sign-in, 404 for what is not there or not
 * this viewer's to see.
 */
export function statusOfPage(request: Request, rendered: number, { config, gateway }: Runtime): number {
  const [, guildId, channelId] = PAGE.exec(new URL(request.url).pathname) ?? []
  if (rendered !== 200 || guildId === undefined) return rendered
  if (viewerOf(request.headers, config) === null) return 401
  if (!gateway.mayHave(guildId)) return 404
  const { state } = gateway.feed
  return channelId === undefined || !state.has(guildId) || hasChannel(state, guildId, channelId) ? 200 : 404
}
