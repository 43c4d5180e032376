import { REPLAY_GUILDS as GUILDS, type BenchOptions } from '../lib/options.ts'
import { Party } from '../lib/party.ts'
import { ratio, whole, type Table } from '../lib/report.ts'
import { quantile, spreadOf } from '../lib/rounds.ts'
import type { Reader, ReaderSetup } from './reader.ts'

/** In one turn, each of another guild: enough of them to have a slowest hundredth. */
const READERS = 500

const READERS_OF = [
  { name: 'node:sqlite, the rows alone', log: 'bare' },
  { name: 'SqliteLog', log: 'file' },
  { name: 'the log in memory', log: 'memory' },
] as const

/** A consumer that comes back: what one guild of many has missed, out of a log that holds them all. */
export async function replay({ rounds, replayEntries: entries }: BenchOptions): Promise<Table[]> {
  await using stack = new AsyncDisposableStack()
  const contenders = READERS_OF.map(({ name, log }) => {
    const setup: ReaderSetup = { log, entries, guilds: GUILDS }
    return {
      name,
      party: stack.use(new Party<Reader>(new URL('reader.ts', import.meta.url), setup)),
      turns: [] as Turn[],
    }
  })
  for (const { party } of contenders) await party.ask('replay', READERS)
  for (let round = 0; round < rounds; round++) {
    for (const { party, turns } of contenders) {
      const { tookMs, told } = await party.ask('replay', READERS)
      if (told.some((events) => events !== entries / GUILDS)) throw new Error('a reader was not told all of its guild')
      turns.push(tookMs.toSorted((a, b) => a - b))
    }
  }
  const middle = (turns: readonly Turn[], share: number) => spreadOf(turns.map((turn) => quantile(turn, share)))
  return [
    {
      title: `replay: ${entries / GUILDS} events of one guild, out of ${whole(entries)} of ${whole(GUILDS)} guilds`,
      columns: ['log', 'p50 ms', 'p99 ms', 'p50, times that of the rows alone'],
      rows: contenders.map(({ name, turns }) => {
        const [first] = contenders
        const times = turns.map((turn, at) => quantile(turn, 0.5) / quantile(first?.turns[at] ?? turn, 0.5))
        return [
          name,
          ratio(middle(turns, 0.5)),
          ratio(middle(turns, 0.99)),
          turns === first?.turns ? '1' : ratio(spreadOf(times)),
        ]
      }),
      raw: Object.fromEntries(contenders.map(({ name, turns }) => [name, turns])),
      chart: {
        title: 'replay: until a consumer who comes back is live',
        unit: 'ms',
        groups: [0.5, 0.99].map((share) => ({
          name: `p${share * 100}`,
          bars: contenders.map(({ name, turns }) => ({ name, ...middle(turns, share) })),
        })),
      },
    },
  ]
}

/** Sorted, in ms. */
type Turn = number[]
