import { accessOf } from './auth/access.server.ts'
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
export async function statusOfPage(request: Request, rendered: number, runtime: Runtime): Promise<number> {
  const [, guildId, channelId] = PAGE.exec(new URL(request.url).pathname) ?? []
  if (rendered !== 200 || guildId === undefined) return rendered
  const viewer = await viewerOf(request.headers, runtime)
  if (viewer === null) return 401
  const access = accessOf(viewer, guildId, runtime.gateway)
  if (access !== 'member') return access === 'stranger' ? 404 : 200
  const { state } = runtime.gateway.feed
  return channelId === undefined || hasChannel(state, guildId, channelId) ? 200 : 404
}
