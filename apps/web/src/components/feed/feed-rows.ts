import { compareSnowflakes, snowflakeTime } from '@repo/discord-integration/types'
import type { Outgoing } from '../../live/outbox.ts'
import { messageType } from '../../live/view/discord-values.ts'
import type { ViewMessage } from '../../live/view/message-list.ts'
import { covers } from '../../live/view/view-messages.ts'
import type { Anew } from '../../live/view/replaced.ts'
import type { CaughtUp, Gap } from '../../live/view/view-types.ts'

export type FeedRow =
  | { kind: 'day'; key: string; at: number }
  | { kind: 'gap'; key: string; gap: Gap; restored: number }
  | { kind: 'anew'; key: string; anew: Anew }
  | { kind: 'caught-up'; key: string; count: number }
  /** Where begins what was not read. */
  | { kind: 'new'; key: string }
  /** So many restored messages that are not shown before somebody asks; `run` names them. */
  | { kind: 'folded'; key: string; run: string; count: number }
  /** `own`: the bot wrote it for the viewer. */
  | { kind: 'message'; key: string; message: ViewMessage; continued: boolean; own: boolean }
  | { kind: 'system'; key: string; message: ViewMessage }

/** Messages of one person within this time of each other stand under one name. */
const GROUP_MS = 5 * 60_000

const asMessages: ReadonlySet<number> = new Set([
  messageType.default,
  messageType.reply,
  messageType.command,
  messageType.contextCommand,
])

/** Of so many restored messages in a row, or more, the first stands for all of them. */
const FOLDED_FROM = 3

export type FeedMarkers = {
  gaps: readonly Gap[]
  anew: readonly Anew[]
  caughtUp: CaughtUp | null
  complete: boolean
  /** The oldest message that was not read when the channel was opened. */
  newFrom: string | null
  /** The runs of restored messages that are shown whole. */
  unfolded: ReadonlySet<string>
  /** The messages that the bot wrote for the viewer. */
  own: ReadonlySet<string>
}

/** Of a channel that was made later nothing is missing. */
export const gapsSince = (gaps: readonly Gap[], channelId: string): readonly Gap[] =>
  gaps.filter(({ to }) => to >= snowflakeTime(channelId))

/** The feed from top to bottom. A gap, a day or a system line ends a group, and so does where the bot writes for somebody else. */
export function feedRows(messages: readonly ViewMessage[], markers: FeedMarkers): FeedRow[] {
  const rows: FeedRow[] = []
  const oldest = messages[0]?.at ?? Number.POSITIVE_INFINITY
  // What lies before the first loaded message has its place further up, where nobody has scrolled yet.
  const gaps = markers.gaps.filter((gap) => markers.complete || gap.to >= oldest)
  const marks: { at: number; row: FeedRow }[] = gaps.map((gap) => ({
    at: gap.from,
    row: { kind: 'gap', key: `gap-${gap.from}`, gap, restored: countRestored(messages, gap) },
  }))
  for (const anew of markers.anew) {
    if (!markers.complete && anew.at < oldest) continue
    marks.push({ at: anew.at, row: { kind: 'anew', key: `anew-${anew.at}`, anew } })
  }
  if (markers.caughtUp !== null) {
    const { at, count } = markers.caughtUp
    marks.push({ at, row: { kind: 'caught-up', key: `caught-up-${at}`, count } })
  }
  marks.sort((a, b) => a.at - b.at)

  let day = ''
  let before = null as ViewMessage | null
  const enterDay = (at: number) => {
    const thisDay = new Date(at).toDateString()
    if (thisDay === day) return
    rows.push({ kind: 'day', key: `day-${thisDay}`, at })
    day = thisDay
    before = null
  }
  const setMark = (mark: { at: number; row: FeedRow }) => {
    enterDay(mark.at)
    rows.push(mark.row)
    before = null
  }
  let newFrom = markers.newFrom
  for (const message of messages) {
    while (marks[0] !== undefined && marks[0].at <= message.at) setMark(marks.shift()!)
    enterDay(message.at)
    if (newFrom !== null && compareSnowflakes(newFrom, message.id) <= 0) {
      rows.push({ kind: 'new', key: 'new' })
      before = null
      newFrom = null
    }
    if (!isWritten(message)) {
      rows.push({ kind: 'system', key: message.id, message })
      before = null
    } else {
      const own = markers.own.has(message.id)
      const continued = before !== null && markers.own.has(before.id) === own && continues(before, message)
      rows.push({ kind: 'message', key: message.id, message, continued, own })
      before = message
    }
  }
  for (const mark of marks) setMark(mark)
  return fold(rows, markers.unfolded)
}

/** Restored messages in a row, with nothing between them, stand behind the first of them. */
function fold(rows: readonly FeedRow[], unfolded: ReadonlySet<string>): FeedRow[] {
  const left: FeedRow[] = []
  for (let at = 0; at < rows.length; at++) {
    const row = rows[at]!
    left.push(row)
    const run = restoredIn(row)
    if (run === null) continue
    let end = at + 1
    while (end < rows.length && restoredIn(rows[end]!) !== null) end++
    const count = end - at - 1
    if (count + 1 < FOLDED_FROM || unfolded.has(run)) left.push(...rows.slice(at + 1, end))
    else left.push({ kind: 'folded', key: `folded-${run}`, run, count })
    at = end - 1
  }
  return left
}

/** The id of the restored message that a row shows; null where it shows none. */
const restoredIn = (row: FeedRow): string | null =>
  (row.kind === 'message' || row.kind === 'system') && row.message.restored ? row.message.id : null

/**
 * Which of what is on its way will stand under the name that is above it: one by one, and under the feed's last row as it is now.
 *
 * @param items with their times by the server's clock.
 */
export function continuedOutgoing(
  rows: readonly FeedRow[],
  items: readonly Pick<Outgoing, 'at' | 'replyTo' | 'state'>[],
): boolean[] {
  const last = rows.at(-1)
  let before = last?.kind === 'message' && last.own && !last.message.restored ? last.message.at : null
  return items.map(({ at, replyTo, state }) => {
    const continued = before !== null && at - before < GROUP_MS && replyTo === null
    if (state === 'pending' || state === 'sent') before = at
    return continued
  })
}

/** The run that a message without a row of its own is folded in. */
export function runOf(rows: readonly FeedRow[], messageId: string): string | null {
  const folded = rows.filter((row) => row.kind === 'folded')
  return folded.findLast(({ run }) => compareSnowflakes(run, messageId) < 0)?.run ?? null
}

/** A thread's first message stands for the one that it began with, as long as that is there. */
const isWritten = ({ payload }: ViewMessage): boolean =>
  (payload.type as number) === messageType.threadStarter
    ? (payload.referenced_message ?? null) !== null
    : asMessages.has(payload.type)

function continues(before: ViewMessage, message: ViewMessage): boolean {
  return (
    before.payload.author.id === message.payload.author.id &&
    // Webhooks share an id and change their names.
    before.payload.author.username === message.payload.author.username &&
    message.at - before.at < GROUP_MS &&
    (message.payload.type as number) !== messageType.reply &&
    (message.payload.interaction_metadata ?? message.payload.interaction) === undefined &&
    before.restored === message.restored
  )
}

export function countRestored(messages: readonly ViewMessage[], gap: Gap): number {
  return messages.filter((message) => message.restored && covers(gap, message.at)).length
}
