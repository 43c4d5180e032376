import { viewerOf } from './auth/viewer.server.ts'
import type { Runtime } from './boot.server.ts'
import { deputyFor } from './deputy/deputy-for.server.ts'
import { isMembershipUnknown } from './membership/membership.ts'

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
  try {
    const { is } = await runtime.gateway.admission.ask(guildId, viewer.user.id)
    if (is !== 'member') return is === 'stranger' ? 404 : 200
    return channelId === undefined || (await deputyFor(viewer.user.id, runtime).sees(guildId, channelId)) ? 200 : 404
  } catch (error) {
    // The page waits for the stream, which waits until it is known.
    if (isMembershipUnknown(error)) return 200
    throw error
  }
}
