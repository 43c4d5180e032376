import type { FigureConsumer, FigureGap, Figures, FigureShard } from '@repo/discord-integration/types'
import { count, plural } from '../../live/format.ts'
import type { StationState } from '../hops/hop-strip-state.ts'
import { duration, NOT_KNOWN } from './ops-format.ts'

/** How something stands: its mark and its word. */
export type Condition = { state: StationState; word: string }

const shardConditions: Readonly<Record<FigureShard['state'], Condition>> = {
  connecting: { state: 'waiting', word: 'connecting' },
  identifying: { state: 'waiting', word: 'identifying' },
  resuming: { state: 'waiting', word: 'resuming' },
  ready: { state: 'connected', word: 'connected' },
  reconnecting: { state: 'waiting', word: 'reconnecting' },
  stopped: { state: 'down', word: 'stopped' },
}

const consumerConditions: Readonly<Record<FigureConsumer['state'], Condition>> = {
  waiting: { state: 'waiting', word: 'waiting' },
  catching_up: { state: 'catching', word: 'catching up' },
  live: { state: 'connected', word: 'connected' },
  slow: { state: 'slow', word: 'slow' },
}

/** Of what nobody tells any more. */
const LAST_KNOWN: Condition = { state: 'stale', word: 'last known' }

export const shardCondition = ({ state }: FigureShard, isNow: boolean): Condition =>
  isNow ? shardConditions[state] : LAST_KNOWN
export const consumerCondition = ({ state }: FigureConsumer, isNow: boolean): Condition =>
  isNow ? consumerConditions[state] : LAST_KNOWN

/** How long its session has lasted. One that Discord may have ended in the meantime lasts for nobody knows how long. */
export const sessionFor = ({ state, session_since: since }: FigureShard, now: number): string =>
  state !== 'ready' || since === null ? NOT_KNOWN : duration(now - since)

export type OpsTag = { tone: 'wait' | 'down'; icon: 'away' | 'clock' | 'refused'; text: string }

/** What differs from fine, most of all first; nothing where all is well. */
export function opsTags({ shards, shards_total: total, consumers, identifies }: Figures): OpsTag[] {
  const tags: OpsTag[] = []
  const stopped = shards.filter(({ state }) => state === 'stopped').length
  const away = shards.filter(({ state }) => state !== 'ready' && state !== 'stopped').length
  const slow = consumers.filter(({ state }) => state === 'slow').length
  const some = (many: number) => (total === 1 ? 'shard' : `${many} of ${plural(total, 'shard')}`)
  if (stopped > 0) tags.push({ tone: 'down', icon: 'refused', text: `${some(stopped)} stopped` })
  if (away > 0) tags.push({ tone: 'wait', icon: 'away', text: `${some(away)} reconnecting` })
  if (slow > 0) tags.push({ tone: 'wait', icon: 'clock', text: `${plural(slow, 'consumer')} slow` })
  if (identifies?.exhausted) tags.push({ tone: 'wait', icon: 'clock', text: 'identifies down to the reserve' })
  return tags
}

/** Consumers that share a name are told apart by the order in which they came. */
export function consumerNames(consumers: readonly FigureConsumer[]): Map<number, string> {
  const names = new Map<number, string>()
  for (const [name, some] of Map.groupBy(
    consumers.toSorted((a, b) => a.id - b.id),
    (one) => one.name,
  )) {
    for (const [index, { id }] of some.entries()) names.set(id, some.length === 1 ? name : `${name} · ${index + 1}`)
  }
  return names
}

/** In the place of gaps. That nothing is missing is known only while no shard is away. */
export function noGaps({ shards }: Figures, isNow: boolean): string {
  if (!isNow) return 'None was known then'
  const isWhole = shards.length > 0 && shards.every(({ state }) => state === 'ready')
  if (isWhole) return 'None: everything that Discord sent has been passed on'
  return 'None is known of yet: what a shard misses while it is away is known when it is back'
}

export function gapReason({ reason, detail }: FigureGap): string {
  switch (reason) {
    case 'not_resumed':
      return `Discord could not resume${shortened(detail)}`
    case 'away':
      return 'Gateway away for longer than a resume lasts'
    case 'missing':
      return 'Discord left events of a session out'
    case 'too_large':
      return 'An event was too large to be passed on'
  }
}

/** What Discord said, as the number that its documentation has. */
function shortened(detail: string | null): string {
  const code = /closed with (\d{4})/.exec(detail ?? '')?.[1]
  if (code !== undefined) return ` (${code})`
  return detail !== null && /session is gone/.test(detail) ? ' (op 9)' : ''
}

export function gapRestored({ restored }: FigureGap): string {
  if (restored === null) return '–'
  return restored.done ? plural(restored.messages, 'message') : `${count(restored.messages)} so far`
}

export function gapUnknown({ reason, restored }: FigureGap): string {
  if (reason === 'too_large') return 'that event'
  if (reason === 'missing') return 'those events'
  if (restored === null) return 'messages, reactions, edits'
  if (!restored.done) return 'not known yet'
  const left = restored.channels_left
  return left === 0 ? 'reactions, edits' : `messages of ${plural(left, 'channel')}, reactions, edits`
}
