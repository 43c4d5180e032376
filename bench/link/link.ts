import { randomBytes } from 'node:crypto'
import { GATEWAY_SERVICE_V2 } from '@repo/discord-integration/types'
import type { BenchOptions } from '../lib/options.ts'
import { comparison, type Table } from '../lib/report.ts'
import { interleave, type Contender } from '../lib/rounds.ts'
import { Pair } from '../lib/sending.ts'
import type { OursSetup } from './ours.ts'

/** What a busy bot gets within one turn of the event loop. */
const EVENTS_PER_TICK = 16

const script = (name: string) => new URL(name, import.meta.url)

/** Gateway → backends: events of 1 KB from a shard's hand to the sockets of all backends. */
export async function link(options: BenchOptions): Promise<Table[]> {
  const token = randomBytes(24).toString('hex')
  const head = (more: string) =>
    `GET / HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n` +
    `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}\r\nAuthorization: Bearer ${token}\r\n${more}\r\n`
  const v2 = head(`Sec-WebSocket-Protocol: ${GATEWAY_SERVICE_V2}\r\n`)

  const cases = []
  for (const count of options.backends) {
    await using stack = new AsyncDisposableStack()
    const contender = async (name: string, file: string, setup: OursSetup | null): Promise<Contender> => {
      const pair = stack.use(await Pair.open(script(file), setup, { head: setup ? v2 : head(''), count }))
      return { name, round: (forMs) => pair.round({ forMs, perTick: EVENTS_PER_TICK }) }
    }
    const contenders = await Promise.all([
      contender('the example', 'example.ts', null),
      contender('the service, log in memory', 'ours.ts', { token, log: 'memory' }),
      contender('the service, log in a file', 'ours.ts', { token, log: 'file' }),
    ])
    cases.push({
      name: `${count} ${count === 1 ? 'backend' : 'backends'}`,
      samples: await interleave(contenders, options),
    })
  }
  return [comparison(`link: ${EVENTS_PER_TICK} events a tick, 1 KB each`, cases)]
}
