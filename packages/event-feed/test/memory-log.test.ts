import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { logConformance } from '../src/conformance.ts'
import { ALL_ENTRIES, MemoryLog, passes } from '../src/index.ts'
import type { LogEntry, NewLogEntry } from '../src/index.ts'

logConformance('MemoryLog', async (options) => new MemoryLog(options))
logConformance('MemoryLog that has mirrored', async (options) => {
  const log = new MemoryLog(options)
  await log.reset({ epoch: 'mirrored', position: 1_000 })
  return log
})

describe('MemoryLog', () => {
  it('has a short random epoch', () => {
    const epochs = Array.from({ length: 50 }, () => new MemoryLog({ maxAgeMs: 1, maxBytes: 1 }).epoch)
    expect(new Set(epochs).size).toBe(50)
    for (const epoch of epochs) expect(epoch).toMatch(/^[a-z0-9]{10}$/)
    expect(new MemoryLog({ maxAgeMs: 1, maxBytes: 1, epoch: 'e' }).epoch).toBe('e')
  })

  it('reads past a stretch without a match in steps, not in one long one', async () => {
    const log = new MemoryLog({ maxAgeMs: Infinity, maxBytes: Infinity })
    const entry = (event: string): NewLogEntry => ({ kind: 'dispatch', event, guildId: '1', payload: '1', ts: 1 })
    await log.append([...Array.from({ length: 45_000 }, () => entry('A')), entry('B')])
    const filter = { ...ALL_ENTRIES, events: new Set(['B']) }
    let at = 0
    let reads = 0
    let found: readonly LogEntry[] = []
    for (; at < log.to; reads++)
      ({ entries: found, through: at } = await log.read(at, { filter, limit: 1, maxBytes: 1 }))
    expect(found).toMatchObject([{ event: 'B' }])
    expect(reads).toBe(3)
  })

  it('answers as a plain array of entries would', async () => {
    const guildId = fc.constantFrom('1', '2', '3', null)
    const step = fc.oneof(
      fc.record({
        do: fc.constant('append' as const),
        entries: fc.array(fc.record({ guildId, size: fc.nat(200), hole: fc.nat(3) }), { maxLength: 5 }),
      }),
      fc.record({ do: fc.constant('wait' as const), ms: fc.nat(400) }),
      fc.record({
        do: fc.constant('read' as const),
        guilds: fc.option(fc.uniqueArray(fc.constantFrom('1', '2', '3'))),
        guildless: fc.boolean(),
        back: fc.nat(20),
        limit: fc.integer({ min: 1, max: 6 }),
      }),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), fc.boolean(), async (steps, mirror) => {
        let now = 10_000
        const log = new MemoryLog({ maxAgeMs: 1_000, maxBytes: 5_000, now: () => now })
        const model: LogEntry[] = []
        let from = 0
        for (const given of steps) {
          if (given.do === 'wait') now += given.ms
          if (given.do === 'append') {
            let to = log.to
            const entries = given.entries.map(({ guildId: guild, size, hole }): NewLogEntry => {
              to += 1 + hole
              const payload = 'x'.repeat(size)
              const position = mirror ? { position: to } : {}
              return { kind: 'dispatch', event: 'A', guildId: guild, payload, ts: now, ...position }
            })
            model.push(...(await log.append(entries)))
          }
          const { entries: kept } = log.size
          while (model.length > kept) from = model.shift()?.position ?? NaN
          expect(model.every(({ ts }) => ts >= now - 1_000)).toBe(true)
          expect(log.from).toBe(from)
          expect(log.to).toBe(model.at(-1)?.position ?? from)
          if (given.do === 'read') {
            const guilds = given.guilds && new Set(given.guilds)
            const filter = { guilds, events: null, guildless: given.guildless }
            const after = Math.max(log.from, log.to - given.back)
            const { entries, through } = await log.read(after, { filter, limit: given.limit, maxBytes: 1_000 })
            const due = model.filter((entry) => entry.position > after && passes(entry, filter))
            expect(entries).toEqual(due.slice(0, entries.length))
            expect(entries.length).toBeGreaterThanOrEqual(Math.min(due.length, 1))
            const next = due[entries.length]?.position ?? Infinity
            expect(through).toBeLessThan(next)
            expect(through).toBe(next === Infinity ? log.to : through)
            expect(through).toBeGreaterThanOrEqual(entries.at(-1)?.position ?? after)
          }
        }
      }),
    )
  })
})
