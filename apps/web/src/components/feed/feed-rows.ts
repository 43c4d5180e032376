import { messageType } from '../../live/view/discord-values.ts'
import type { ViewMessage } from '../../live/view/message-list.ts'
import type { Anew } from '../../live/view/replaced.ts'
import type { CaughtUp, Gap } from '../../live/view/view-types.ts'

export type FeedRow =
  | { kind: 'day'; key: string; at: number }
  | { kind: 'gap'; key: string; gap: Gap; restored: number }
  | { kind: 'anew'; key: string; anew: Anew }
  | { kind: 'caught-up'; key: string; count: number }
  | { kind: 'message'; key: string; message: ViewMessage; continued: boolean }
  | { kind: 'system'; key: string; message: ViewMessage }

/** Messages of one person within this time of each other stand under one name. */
const GROUP_MS = 5 * 60_000

const asMessages: ReadonlySet<number> = new Set([
  messageType.default,
  messageType.reply,
  messageType.command,
  messageType.threadStarter,
  messageType.contextCommand,
])

/** The feed from top to bottom. A gap, a day or a system line ends a group. */
export function feedRows(
  messages: readonly ViewMessage[],
  markers: { gaps: readonly Gap[]; anew: readonly Anew[]; caughtUp: CaughtUp | null; complete: boolean },
): FeedRow[] {
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
  for (const message of messages) {
    while (marks[0] !== undefined && marks[0].at <= message.at) setMark(marks.shift()!)
    enterDay(message.at)
    if (!asMessages.has(message.payload.type)) {
      rows.push({ kind: 'system', key: message.id, message })
      before = null
      continue
    }
    rows.push({ kind: 'message', key: message.id, message, continued: before !== null && continues(before, message) })
    before = message
  }
  for (const mark of marks) setMark(mark)
  return rows
}

function continues(before: ViewMessage, message: ViewMessage): boolean {
  return (
    before.payload.author.id === message.payload.author.id &&
    // Webhooks share an id and change their names.
    before.payload.author.username === message.payload.author.username &&
    message.at - before.at < GROUP_MS &&
    (message.payload.type as number) !== messageType.reply &&
    before.restored === message.restored
  )
}

function countRestored(messages: readonly ViewMessage[], gap: Gap): number {
  return messages.filter((message) => message.restored && gap.from <= message.at && message.at <= gap.to).length
}
