import { encodeFrame } from '../../apps/web/src/server/realtime/sse-frame.ts'
import { streamBytes } from '../../apps/web/src/server/realtime/stream-bytes.ts'
import type { FloorSetup } from '../floor/floor.ts'
import { streamRequest } from '../lib/listener.ts'
import { guildId, messages, NEEDLE } from '../lib/messages.ts'
import type { BenchOptions } from '../lib/options.ts'
import { comparison, FLOOR, type Case, type Table } from '../lib/report.ts'
import { interleave, type Contender } from '../lib/rounds.ts'
import { Pair } from '../lib/sending.ts'

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
  { name: 'web', script: 'ours.ts', setup: null },
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
  return [comparison('sse: events of 1 KB', cases)]
}
