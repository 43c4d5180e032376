import { randomBytes } from 'node:crypto'
import { GATEWAY_SERVICE_V2 } from '@repo/discord-integration/types'
import type { DispatchEntry } from '@repo/event-feed'
import { encodeBatch } from '../../apps/discord-gateway/src/link/encode.ts'
import type { FloorSetup } from '../floor/floor.ts'
import { guildId, messages, NEEDLE } from '../lib/messages.ts'
import type { BenchOptions } from '../lib/options.ts'
import { comparison, FLOOR, type Case, type Table } from '../lib/report.ts'
import { interleave, type Contender } from '../lib/rounds.ts'
import { Pair } from '../lib/sending.ts'
import type { OursSetup } from './ours.ts'

/** What a busy bot gets within one turn of the event loop. */
const EVENTS_PER_TICK = 16

const script = (name: string) => new URL(name, import.meta.url)

const head = (path: string, more = '') =>
  `GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n` +
  `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}\r\n${more}\r\n`

/** `40`: connects to the main namespace, in one masked text frame. https://socket.io/docs/v4/socket-io-protocol/#packet-encoding */
const SOCKET_IO_CONNECT = '\x81\x82\0\0\0\u000040'
/** What the server says to it. */
const SOCKET_IO_CONNECTED = '40{'

/** The frames of the link as the service writes them. */
function floorSetup(): FloorSetup {
  const events = messages.map((payload, position) => {
    const entry: DispatchEntry = { kind: 'dispatch', event: NEEDLE, guildId, payload, ts: Date.now(), position }
    return encodeBatch({ items: [{ kind: 'entry', entry, id: `bench-${position}` }] }, 2).toString('latin1')
  })
  return { head: 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n', events }
}

/** Gateway → backends: events of 1 KB from a shard's hand to the sockets of all backends. */
export async function link(options: BenchOptions): Promise<Table[]> {
  const token = randomBytes(24).toString('hex')
  const v2 = head('/', `Authorization: Bearer ${token}\r\nSec-WebSocket-Protocol: ${GATEWAY_SERVICE_V2}\r\n`)
  const ours = (log: OursSetup['log']): OursSetup => ({ token, log })
  const all = [
    { name: 'the example', file: 'example.ts', setup: null, says: { head: head('/') } },
    {
      name: 'socket.io, keeping nothing',
      file: 'socket-io.ts',
      setup: null,
      says: {
        head: head('/socket.io/?EIO=4&transport=websocket'),
        answer: SOCKET_IO_CONNECT,
        isIn: SOCKET_IO_CONNECTED,
      },
    },
    { name: 'the service, log in memory', file: 'ours.ts', setup: ours('memory'), says: { head: v2 } },
    { name: 'the service, log in a file', file: 'ours.ts', setup: ours('file'), says: { head: v2 } },
    { name: FLOOR, file: '../floor/floor.ts', setup: floorSetup(), says: { head: head('/') } },
  ]

  const cases: Case[] = []
  for (const count of options.backends) {
    await using stack = new AsyncDisposableStack()
    const contenders: Contender[] = []
    for (const { name, file, setup, says } of all) {
      const pair = stack.use(await Pair.open(script(file), setup, { ...says, count }))
      contenders.push({ name, round: (forMs) => pair.round({ forMs, perTick: EVENTS_PER_TICK }) })
    }
    cases.push({
      name: `${count} ${count === 1 ? 'backend' : 'backends'}`,
      samples: await interleave(contenders, options),
    })
  }
  return [comparison(`link: ${EVENTS_PER_TICK} events a tick, 1 KB each`, cases)]
}
