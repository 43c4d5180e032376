import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { MemoryLog, type NewLogEntry } from '@repo/event-feed'
import { answerTo, setupOf } from '../lib/party.ts'
import type { Sample } from '../lib/rounds.ts'
import { openScratchLog } from '../lib/scratch-log.ts'
import { openBare } from './bare.ts'
import { entriesFrom } from './entries.ts'
import { openExample } from './example.ts'

/* A log, and who appends to it, in a process of its own. */

export type Appending = { append: (entries: readonly NewLogEntry[]) => Promise<unknown> }

export type AppenderSetup = { log: 'file' | 'memory' | 'bare' | 'example'; maxBytes: number }

export type Paced = {
  /** Of each append, in ms, from the call until it is stored; sorted. */
  appendMs: number[]
  /** The longest that a timer of the process was late, and what 999 of 1,000 stay below, in ms. */
  stallMs: { most: number; p999: number }
  rows: number
}

/** How exact `monitorEventLoopDelay` is, which is a part of every delay that it tells. */
const RESOLUTION_MS = 1

const { log: kind, maxBytes } = setupOf() as AppenderSetup
const bounds = { maxAgeMs: 3_600_000, maxBytes }
const log = await open()
let sequence = 1

const answers = {
  /** One append after the other. */
  async append({ forMs, batch }: { forMs: number; batch: number }): Promise<Sample> {
    const cpu = process.cpuUsage()
    const from = performance.now()
    let events = 0
    while (performance.now() - from < forMs) {
      await log.append(entriesFrom(sequence, batch))
      sequence += batch
      events += batch
      await nextTurn()
    }
    const wallMs = performance.now() - from
    const { user, system } = process.cpuUsage(cpu)
    return { events, wallMs, cpuUs: user + system }
  },

  /** So many rows a second, what has come up every millisecond as one append. */
  async pace({ rowsPerS, forMs }: { rowsPerS: number; forMs: number }): Promise<Paced> {
    const appendMs: number[] = []
    const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS })
    delay.enable()
    const from = performance.now()
    let rows = 0
    for (let now = from; now - from < forMs; now = performance.now()) {
      const due = Math.floor(((now - from) / 1_000) * rowsPerS) - rows
      if (due > 0) {
        const entries = entriesFrom(sequence, due)
        sequence += due
        rows += due
        const called = performance.now()
        await log.append(entries)
        appendMs.push(performance.now() - called)
      }
      await sleep(1)
    }
    delay.disable()
    const late = (nanoseconds: number) => Math.max(0, nanoseconds / 1_000_000 - RESOLUTION_MS)
    return {
      appendMs: appendMs.toSorted((a, b) => a - b),
      stallMs: { most: late(delay.max), p999: late(delay.percentile(99.9)) },
      rows,
    }
  },
}

export type Appender = typeof answers

answerTo(answers, () => log[Symbol.asyncDispose]())

async function open(): Promise<Appending & AsyncDisposable> {
  if (kind === 'bare') return await openBare()
  if (kind === 'example') return openExample()
  if (kind === 'memory') {
    const memory = new MemoryLog(bounds)
    return { append: (entries) => memory.append(entries), [Symbol.asyncDispose]: () => memory.close() }
  }
  const scratch = await openScratchLog(bounds)
  return {
    append: (entries) => scratch.log.append(entries),
    [Symbol.asyncDispose]: () => scratch[Symbol.asyncDispose](),
  }
}
