import { parseArgs } from 'node:util'
import { FEWEST } from './counts.ts'

/** The parts of the way that can be measured, in their order. */
export const HOPS = [
  'ingest',
  'log',
  'replay',
  'link',
  'sight',
  'guilds',
  'sse',
  'connect',
  'e2e',
  'limits',
  'page',
] as const
export type Hop = (typeof HOPS)[number]

export type BenchOptions = {
  hops: readonly Hop[]
  /** Turns that count, and how long a contender's part of one is. */
  rounds: number
  roundMs: number
  /** How many receivers, one case each. */
  backends: readonly number[]
  browsers: readonly number[]
  /** How long the log is watched under a load that does not change. */
  pacedSeconds: number
  /** How much a full log holds. */
  logMib: number
  /** How many events the log holds that is replayed from, as many of each of its guilds. */
  replayEntries: number
  /** The most guilds, and people who look at one. */
  sightMost: number
  /** The most guilds that gateway and web are in. */
  guildsMost: number
  /** How many browsers come back at once. */
  connectBrowsers: number
  /** The whole way's browsers, and how many messages a second each is told. */
  e2eBrowsers: number
  e2eRate: number
  /** The folder for JSON and plots. */
  out: string
}

export const REPLAY_GUILDS = 1_000

export const USAGE = `npm run bench -- [${HOPS.join('|')} …] [--rounds 5] [--round-ms 400] [--backends 1,10,100]
  [--browsers 100,1000,10000] [--paced-seconds 30] [--log-mib 512]
  [--replay-entries 100000] [--sight-most 10000] [--guilds-most 10000]
  [--connect-browsers 10000] [--e2e-browsers 100] [--e2e-rate 1000] [--out bench/out]`

/** @throws {Error} that says what is wrong, for a person. */
export function readOptions(args: string[]): BenchOptions {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      rounds: { type: 'string', default: '5' },
      'round-ms': { type: 'string', default: '400' },
      backends: { type: 'string', default: '1,10,100' },
      browsers: { type: 'string', default: '100,1000,10000' },
      'paced-seconds': { type: 'string', default: '30' },
      'log-mib': { type: 'string', default: '512' },
      'replay-entries': { type: 'string', default: '100000' },
      'sight-most': { type: 'string', default: '10000' },
      'guilds-most': { type: 'string', default: '10000' },
      'connect-browsers': { type: 'string', default: '10000' },
      'e2e-browsers': { type: 'string', default: '100' },
      'e2e-rate': { type: 'string', default: '1000' },
      out: { type: 'string', default: new URL('../out', import.meta.url).pathname },
    },
  })
  const hops = positionals.map((name) => {
    const hop = HOPS.find((known) => known === name)
    if (!hop) throw new Error(`there is no hop ${name}`)
    return hop
  })
  return {
    hops: hops.length > 0 ? hops : HOPS,
    rounds: whole('rounds', values.rounds),
    roundMs: whole('round-ms', values['round-ms']),
    backends: values.backends.split(',').map((count) => whole('backends', count)),
    browsers: values.browsers.split(',').map((count) => whole('browsers', count)),
    pacedSeconds: positive('paced-seconds', values['paced-seconds']),
    logMib: whole('log-mib', values['log-mib']),
    replayEntries: whole('replay-entries', values['replay-entries'], { multipleOf: REPLAY_GUILDS }),
    sightMost: whole('sight-most', values['sight-most'], { atLeast: FEWEST }),
    guildsMost: whole('guilds-most', values['guilds-most'], { atLeast: FEWEST }),
    connectBrowsers: whole('connect-browsers', values['connect-browsers']),
    e2eBrowsers: whole('e2e-browsers', values['e2e-browsers']),
    e2eRate: whole('e2e-rate', values['e2e-rate']),
    out: values.out,
  }
}

function positive(name: string, text: string): number {
  const value = Number(text)
  if (!(value > 0 && Number.isFinite(value))) throw new Error(`--${name}: expected a number over 0, not ${text}`)
  return value
}

function whole(name: string, text: string, { atLeast = 1, multipleOf = 1 } = {}): number {
  const value = Number(text)
  if (value >= atLeast && value % multipleOf === 0) return value
  const what = multipleOf > 1 ? `a multiple of ${multipleOf}` : `a whole number of at least ${atLeast}`
  throw new Error(`--${name}: expected ${what}, not ${text}`)
}
