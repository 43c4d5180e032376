import { setTimeout as sleep } from 'node:timers/promises'
import { sightOf } from '@repo/discord-permissions'
import type { Guild } from '@repo/event-feed'
import type { Member, Membership } from '../membership/membership.ts'

/** Who opens a stream waits so long for what is asked about them, in ms. */
const PATIENCE_MS = 1_000
/** The most threads that are asked about: the newest. */
const ASKED_MAX = 50

/**
 * The private threads that somebody is in, of those that they would see if they were. States do not keep who is in which, so
 * it is asked; what is not known in time counts as not being in.
 */
export async function privateThreadsOf(
  guild: Guild,
  member: Member,
  { membership, now }: { membership: Pick<Membership, 'isInThread'>; now: number },
): Promise<ReadonlySet<string>> {
  const joined = new Set<string>()
  const asked = hiddenUnlessIn(guild, member, now).map(async (threadId) => {
    if (await membership.isInThread(guild.id, threadId, member.user.id).catch(() => false)) joined.add(threadId)
  })
  if (asked.length > 0) await Promise.race([Promise.all(asked), sleep(PATIENCE_MS, undefined, { ref: false })])
  return new Set(joined)
}

function hiddenUnlessIn(guild: Guild, member: Member, now: number): string[] {
  const userId = member.user.id
  const ids = Array.from(guild.collections.threads.values(), ({ id }) => id).filter((id) => typeof id === 'string')
  const sights = [new Set<string>(), new Set(ids)].map((threads) => sightOf({ userId, member, threads }, guild, now))
  const [without, within] = sights
  if (!without || !within) return []
  return ids
    .filter((id) => within.mayView(guild, id) && !without.mayView(guild, id))
    .sort((one, other) => (BigInt(one) < BigInt(other) ? 1 : -1))
    .slice(0, ASKED_MAX)
}
