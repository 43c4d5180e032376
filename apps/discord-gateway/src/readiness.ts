import { setTimeout as sleep } from 'node:timers/promises'
import type { ShardStatus } from '@repo/discord-integration/clients'

/**
 * How long a guild that READY listed is waited for. Those that are there come within seconds; one that is not is down
 * at Discord, and may be for hours.
 */
export const GUILD_PATIENCE_MS = 15_000

export type Standing = {
  shards: readonly ShardStatus[]
  /** The last sequence of a shard's session that the log has; null for none. */
  sequence: (shardId: number, sessionId: string) => number | null
  /** The guilds that a stored READY has listed, and which have not come. */
  pendingGuilds: ReadonlySet<string>
  draining: boolean
  now: number
}

/** Why the service cannot say yet what the guilds look like; empty when it can. */
export function unreadyReasons({ shards, sequence, pendingGuilds, draining, now }: Standing): string[] {
  if (draining) return ['the Gateway Service is ending']
  if (shards.length === 0) return ['no session with Discord has been opened']
  const down = shards.filter(({ state }) => state !== 'ready')
  if (down.length > 0)
    return down.map(({ id, state, detail }) => `shard ${id} is ${state}${detail ? `: ${detail}` : ''}`)
  // A shard is ready as soon as READY is read. Which guilds there are is known when it has been stored.
  const unknown = shards.filter(({ id, sessionId }) => sessionId === null || sequence(id, sessionId) === null)
  if (unknown.length > 0) return unknown.map(({ id }) => `the guilds of shard ${id} are not known yet`)
  const youngest = Math.max(...shards.map(({ since }) => since))
  if (pendingGuilds.size === 0 || now - youngest > GUILD_PATIENCE_MS) return []
  return [`${pendingGuilds.size} guilds have not arrived`]
}

/** How often it is looked whether the guilds are there: a backend that waits for them does not notice. */
const LOOK_EVERY_MS = 25

/** Resolves when the service can say for the first time what the guilds look like. */
export async function whenReady(reasons: () => readonly string[]): Promise<void> {
  while (reasons().length > 0) await sleep(LOOK_EVERY_MS, undefined, { ref: false })
}
