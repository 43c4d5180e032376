import { encodeFrame } from '../../apps/web/src/server/realtime/sse-frame.ts'
import { streamBytes } from '../../apps/web/src/server/realtime/stream-bytes.ts'
import type { FloorSetup } from '../floor/floor.ts'
import { streamRequest } from '../lib/listener.ts'
import { guildId, guildIdAt, messages, NEEDLE } from '../lib/messages.ts'
import type { BenchOptions } from '../lib/options.ts'
import { comparison, figure, FLOOR, ratio, whole, type Case, type Table } from '../lib/report.ts'
import { cpuUsPerEvent, interleave, perSecond, spreadOf, type Contender, type Sample } from '../lib/rounds.ts'
import { Pair } from '../lib/sending.ts'
import type { OursSetup } from './ours.ts'

const TICKS = [
  { name: 'one event a tick', perTick: 1 },
  { name: '16 a tick', perTick: 16 },
]

const HEAD = streamRequest(`/api/guilds/${guildId}/events`)

const FLOOR_SETUP: FloorSetup = {
  head: 'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n',
  events: messages.map((data, position) =>
    streamBytes(encodeFrame({ id: `bench-${position}`, event: NEEDLE, data })).chunk.toString('latin1'),
  ),
}

const CONTENDERS = [
  { name: 'the example, a route of Start', script: 'start-route.ts', setup: null },
  { name: 'the example, by response.write', script: 'example.ts', setup: null },
  { name: 'better-sse', script: 'better-sse.ts', setup: null },
  { name: 'web', script: 'ours.ts', setup: { guilds: 1 } satisfies OursSetup },
  { name: FLOOR, script: '../floor/floor.ts', setup: FLOOR_SETUP },
]

/** Web → browsers: events of 1 KB from the link's text to the sockets of all streams, which are of one guild. */
export async function sse(options: BenchOptions): Promise<Table[]> {
  const cases: Case[] = []
  for (const count of options.browsers) {
    await using stack = new AsyncDisposableStack()
    const opened = []
    for (const { name, script, setup } of CONTENDERS) {
      const pair = await Pair.open(new URL(script, import.meta.url), setup, { head: HEAD, count })
      opened.push({ name, pair: stack.use(pair) })
    }
    for (const { name, perTick } of TICKS) {
      const contenders = opened.map(({ name: of, pair }): Contender => ({
        name: of,
        round: (forMs) => pair.round({ forMs, perTick }),
      }))
      cases.push({ name: `${count} browsers, ${name}`, samples: await interleave(contenders, options) })
    }
  }
  return [comparison('sse: events of 1 KB', cases), await severalGuilds(options)]
}

/** How many one stream is of: one of a tick's events is of each. */
const GUILDS = 16
/** Beyond so many browsers, theirs are more subscriptions than a process of web is made for. */
const SEVERAL_MOST = 1_000

const ONE = { name: 'one guild', guilds: 1, head: HEAD }
const SEVERAL = {
  name: `${GUILDS} guilds`,
  guilds: GUILDS,
  head: streamRequest(
    `/api/events?${Array.from({ length: GUILDS }, (_, guild) => `guild=${guildIdAt(guild)}`).join('&')}`,
  ),
}

/** The same of web, where each stream is of several guilds, beside streams of one that has all of the events. */
async function severalGuilds(options: BenchOptions): Promise<Table> {
  const cases: (Case & { count: number })[] = []
  for (const count of options.browsers.filter((some) => some <= SEVERAL_MOST)) {
    await using stack = new AsyncDisposableStack()
    const contenders: Contender[] = []
    for (const { name, guilds, head } of [ONE, SEVERAL]) {
      const setup: OursSetup = { guilds }
      // Who is behind is told several events of a guild in a row, and its name but once.
      const receivers = { head, count, allCount: true }
      const pair = stack.use(await Pair.open(new URL('ours.ts', import.meta.url), setup, receivers))
      contenders.push({ name, round: (forMs) => pair.round({ forMs, perTick: GUILDS }) })
    }
    cases.push({
      name: `${count} browsers, of one guild or ${GUILDS}`,
      count,
      samples: await interleave(contenders, options),
    })
  }
  return {
    title: `sse: web, events of 1 KB, ${GUILDS} a tick, of one guild or one of each of the ${GUILDS} that a stream is of`,
    columns: [
      'browsers',
      ...[ONE, SEVERAL].flatMap(({ name }) => [`${name}, events/s`, 'CPU µs/event and browser']),
      'rate, times',
      'CPU, times',
    ],
    rows: cases.map(({ count, samples }) => {
      const [one = [], several = []] = samples.values()
      const times = (of: (sample: Sample) => number) =>
        ratio(spreadOf(several.map((sample, turn) => of(sample) / of(one[turn] ?? sample))))
      return [
        whole(count),
        ...[one, several].flatMap((own) => [
          figure(spreadOf(own.map(perSecond)).median),
          figure(spreadOf(own.map(cpuUsPerEvent)).median / count),
        ]),
        times(perSecond),
        times(cpuUsPerEvent),
      ]
    }),
    raw: cases.map(({ name, samples }) => ({ name, samples: Object.fromEntries(samples) })),
  }
}
