import type { Shown, TextParts } from '@repo/discord-permissions'
import type { DispatchEntry } from '@repo/event-feed'
import { encodeEvent, encodeSync, joined } from '../realtime/stream-bytes.ts'
import type { Frame } from '../realtime/stream-bytes.ts'

/** What is shown of an entry, as Discord wrote it where nothing was cut. '' where that is nothing. */
export function encodeShown(
  shown: Shown | null,
  { entry, data, id }: { entry: Pick<DispatchEntry, 'event' | 'payload'>; data: unknown; id: string | null },
): string {
  if (!shown) return ''
  const text = shown.payload === data ? entry.payload : JSON.stringify(shown.payload)
  return encodeEvent(shown.event, text, id)
}

const FRAME_END = '\n\n'

/** @param parts the guild as somebody may see it, as JSON. */
export function encodeGuild(parts: TextParts, id: string | null): Frame {
  const begin = encodeEvent('GUILD_CREATE', '', id).slice(0, -FRAME_END.length)
  return [begin, ...parts, FRAME_END]
}

/**
 * The guild told anew to somebody who is in the middle of it. `isTold`: with why, since they may see other things than before.
 *
 * @param parts the guild as they may see it; null where it is not there.
 */
export function restatement(
  guildId: string,
  parts: TextParts | null,
  { id, isTold }: { id: string | null; isTold: boolean },
): Frame {
  const why = isTold ? encodeSync({ state: 'gap', reason: 'permissions_changed', guild_id: guildId }) : ''
  return parts === null ? why : joined([why, encodeGuild(parts, id)])
}
