import { applyGuildEvent } from './view-guild.ts'
import { applyMessageEvent, restoreGap } from './view-messages.ts'
import { applyTyping } from './view-typing.ts'
import { allRead } from './read-marks.ts'
import { isUnread, type Gap, type GuildView } from './view-types.ts'

/**
 * One event further. Applying an event again changes nothing, and what the page does not show returns the same view.
 * `at` is when it came, by this browser's clock.
 */
export function applyEvent(view: GuildView, name: string, payload: unknown, id: string | null, at: number): GuildView {
  if (name === 'TYPING_START') return applyTyping(view, payload as never, at)
  return applyMessageEvent(applyGuildEvent(view, name, payload), name, payload, id, at)
}

export function applyGap(view: GuildView, gap: Gap): GuildView {
  const index = view.gaps.findIndex((other) => other.from === gap.from && other.to === gap.to)
  const known = view.gaps[index]
  if (known === undefined) {
    return restoreGap({ ...view, gaps: [...view.gaps, gap].sort((a, b) => a.from - b.from) }, gap)
  }
  // Said once more when it is known what could not be read back.
  if (known.unrestored || !gap.unrestored) return view
  return { ...view, gaps: view.gaps.with(index, { ...known, unrestored: true }) }
}

export function markRead(view: GuildView, channelId: string): GuildView {
  const unread = view.unread[channelId]
  if (unread === undefined || !isUnread(unread)) return view
  return { ...view, unread: { ...view.unread, [channelId]: allRead(unread.newest) } }
}
