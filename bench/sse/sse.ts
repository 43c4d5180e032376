import { guildId } from '../lib/messages.ts'
import type { BenchOptions } from '../lib/options.ts'
import { comparison, type Table } from '../lib/report.ts'
import { interleave, type Contender } from '../lib/rounds.ts'
import { Pair } from '../lib/sending.ts'

const TICKS = [
  { name: 'one event a tick', perTick: 1 },
  { name: '16 a tick', perTick: 16 },
]

const HEAD = `GET /api/guilds/${guildId}/events HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n`

/** Web → browsers: events of 1 KB from the link's text to the sockets of all streams, which are of one guild. */
export async function sse(options: BenchOptions): Promise<Table[]> {
  const cases = []
  for (const count of options.browsers) {
    await using stack = new AsyncDisposableStack()
    const open = async (name: string, file: string) => {
      const pair = await Pair.open(new URL(file, import.meta.url), null, { head: HEAD, count })
      return { name, pair: stack.use(pair) }
    }
    const opened = await Promise.all([open('the example', 'example.ts'), open('web', 'ours.ts')])
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
