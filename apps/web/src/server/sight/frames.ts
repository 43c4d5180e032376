import type { Shown } from '@repo/discord-permissions'
import type { DispatchEntry } from '@repo/event-feed'
import { encodeEvent, encodeSync } from '../realtime/stream-bytes.ts'

/** What is shown of an entry, as Discord wrote it where nothing was cut. '' where that is nothing. */
export function encodeShown(
  shown: Shown | null,
  { entry, data, id }: { entry: Pick<DispatchEntry, 'event' | 'payload'>; data: unknown; id: string | null },
): string {
  if (!shown) return ''
  const text = shown.payload === data ? entry.payload : JSON.stringify(shown.payload)
  return encodeEvent(shown.event, text, id)
}

/** @param text the guild as they may see it. */
export function encodeGuild(text: string, id: string | null): string {
  return encodeEvent('GUILD_CREATE', text, id)
}

/**
 * The guild told anew to somebody who is in the middle of it. `isTold`: with why, since they may see other things than before.
 *
 * @param text the guild as they may see it; null where it is not there.
 */
export function restatement(
  guildId: string,
  text: string | null,
  { id, isTold }: { id: string | null; isTold: boolean },
): string {
  const why = isTold ? encodeSync({ state: 'gap', reason: 'permissions_changed', guild_id: guildId }) : ''
  return text === null ? why : why + encodeGuild(text, id)
}
