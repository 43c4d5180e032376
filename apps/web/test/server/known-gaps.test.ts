import type { Figures } from '@repo/discord-integration/types'
import type { GapEntry } from '@repo/event-feed'
import { expect, it } from 'vitest'
import { KnownGaps } from '../../src/server/sight/known-gaps.ts'

/** `(guild_id >> 22) % 2` is the shard. */
const guildOn = (shard: number) => String((BigInt(shard) + 2n) << 22n)

const figuresOf = (...gaps: Partial<Figures['gaps'][number]>[]): Pick<Figures, 'gaps' | 'shards_total'> => ({
  shards_total: 2,
  gaps: gaps.map((gap) => ({
    id: 'k-1',
    reason: 'not_resumed',
    detail: null,
    from: 1_000,
    to: 2_000,
    shard: 0,
    restored: null,
    ...gap,
  })),
})

const entry = (fields: Partial<GapEntry> = {}): GapEntry => ({
  kind: 'gap',
  reason: 'upstream',
  shard: { id: 0, count: 2 },
  fromTs: 1_000,
  toTs: 2_000,
  ts: 2_000,
  position: 7,
  ...fields,
})

const told = (from: number, to: number, gap_id = 'k-1') => ({ state: 'gap', gap_id, reason: 'upstream', from, to })

it('tells a guild what its shard lacks, the oldest first, and no place to go on from', () => {
  const gaps = new KnownGaps()
  gaps.learn(figuresOf({ id: 'k-5', from: 5_000, to: 6_000 }, { from: 3_000, to: 4_000, shard: 1 }, { shard: null }))
  gaps.hear(entry({ fromTs: 7_000, toTs: 8_000 }), 'k-7')
  expect(gaps.of(guildOn(0))).toEqual([told(1_000, 2_000), told(5_000, 6_000, 'k-5'), told(7_000, 8_000, 'k-7')])
  expect(gaps.of(guildOn(1))).toEqual([told(1_000, 2_000), told(3_000, 4_000)])
})

it('tells once what it hears of from both', () => {
  const gaps = new KnownGaps()
  gaps.hear(entry(), 'k-1')
  gaps.learn(figuresOf({}))
  expect(gaps.of(guildOn(0))).toEqual([told(1_000, 2_000)])
})

it('tells a guild of its own, and of no event that was too large', () => {
  const gaps = new KnownGaps()
  gaps.learn(figuresOf({ reason: 'too_large' }))
  gaps.hear(entry({ reason: 'too_large' }), 'k-1')
  gaps.hear(entry({ shard: null, guildId: guildOn(1) }), 'k-1')
  expect(gaps.of(guildOn(0))).toEqual([])
  expect(gaps.of(guildOn(1))).toEqual([{ ...told(1_000, 2_000), guild_id: guildOn(1) }])
})

it('tells of a gap before it tells what of it could not be read back, whatever it heard last', () => {
  const gaps = new KnownGaps()
  gaps.hear(entry({ guildId: guildOn(0) }), 'k-2')
  gaps.learn(figuresOf({}))
  expect(gaps.of(guildOn(0))).toEqual([told(1_000, 2_000), { ...told(1_000, 2_000, 'k-2'), guild_id: guildOn(0) }])
})

it('keeps the newest of very many', () => {
  const gaps = new KnownGaps()
  for (let turn = 0; turn < 1_000; turn++) gaps.hear(entry({ fromTs: turn, toTs: turn + 1 }), `k-${turn}`)
  expect(gaps.of(guildOn(0))).toHaveLength(200)
  expect(gaps.of(guildOn(0)).at(-1)).toEqual(told(999, 1_000, 'k-999'))
})
