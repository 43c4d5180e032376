import type { GuildState } from '@repo/event-feed'
import type { Gateway } from '../init/gateway-client-init.server.ts'
import type { Viewer } from './viewer.server.ts'

/** `unknown`: there may be such a guild, and web does not know yet who is in it. Nothing of it is told until it does. */
export type Access = 'member' | 'stranger' | 'unknown'

/**
 * Whether somebody may see anything of a guild: they are known to be a member of it. A guild that is not there, or is
 * not known, is entered by nobody.
 */
export function mayEnter({ user }: Pick<Viewer, 'user'>, guildId: string, state: GuildState): boolean {
  return state.get(guildId)?.collections.members.get(user.id) !== undefined
}

/**
 * What to answer somebody who asks for a guild. A `stranger` hears the same of a guild that is not there and of one that
 * is somebody else's; so does, while web's link is away, everyone who is not known to be a member.
 */
export function accessOf(
  viewer: Pick<Viewer, 'user'>,
  guildId: string,
  { feed, client, mayHave }: Pick<Gateway, 'feed' | 'client' | 'mayHave'>,
): Access {
  if (mayEnter(viewer, guildId, feed.state)) return 'member'
  const isSettled = client.status.state === 'live' && feed.ready && feed.state.has(guildId)
  return mayHave(guildId) && !isSettled ? 'unknown' : 'stranger'
}
