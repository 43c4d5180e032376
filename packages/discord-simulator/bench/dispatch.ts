import { fork } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { startSimulator } from '../src/index.ts'

/*
 * How many dispatches a second the simulator sends from one core. Run it with
 *
 *     node packages/discord-simulator/bench/dispatch.ts [--guilds 1000] [--shards 16] [--bytes 1024] [--seconds 5] [--rate max]
 *
 * The clients are in another process and only count. "Per core" divides by the CPU time of this process, so that the
 * figure does not depend on who else is using the machine; "per second" is by the clock on the wall.
 */

/** What a simulator is to manage on one core, at 1 KB a dispatch, so that it is never what holds a benchmark up. */
const PROMISED_PER_S = 50_000
const PROMISED_BYTES = 1_024

const { values } = parseArgs({
  options: {
    guilds: { type: 'string', default: '1000' },
    shards: { type: 'string', default: '16' },
    bytes: { type: 'string', default: String(PROMISED_BYTES) },
    seconds: { type: 'string', default: '5' },
    rate: { type: 'string', default: 'max' },
  },
})
const [guilds, shards, bytes, seconds] = [values.guilds, values.shards, values.bytes, values.seconds].map(Number)
if (!guilds || !shards || !bytes || !seconds) throw new Error('guilds, shards, bytes and seconds are numbers over 0')

await using simulator = await startSimulator({ guilds, shards, maxConcurrency: shards })
const { port } = new URL(simulator.url)
const sink = fork(fileURLToPath(new URL('sink.ts', import.meta.url)), [port, simulator.botToken, String(shards)])
const counted = async (): Promise<number> => {
  sink.send('count')
  const [answer] = (await once(sink, 'message')) as [{ frames: number }]
  return answer.frames
}

// HELLO and READY for each shard, and each guild.
while ((await counted()) < shards * 2 + guilds) await sleep(20)

async function measure(forMs: number) {
  const before = await counted()
  const cpu = process.cpuUsage()
  const from = performance.now()
  simulator.load.start({ events_per_s: values.rate === 'max' ? 'max' : Number(values.rate), bytes })
  await sleep(forMs)
  simulator.load.stop()
  const { sent } = simulator.load
  // The slowest client has all of it before the clock is stopped.
  while ((await counted()) - before < sent) await sleep(1)
  const wallS = (performance.now() - from) / 1_000
  const { user, system } = process.cpuUsage(cpu)
  return { sent, wallS, cpuS: (user + system) / 1_000_000 }
}

const say = (line: string) => process.stdout.write(`${line}\n`)
const figure = (value: number) => Math.round(value).toLocaleString('en')
await measure(1_000)
const { sent, wallS, cpuS } = await measure(seconds * 1_000)
say(`${guilds} guilds, ${shards} shards, ${bytes} bytes, rate ${values.rate}: ${figure(sent)} dispatches`)
say(`per core    ${figure(sent / cpuS)} dispatches/s  (${cpuS.toFixed(2)} s of CPU)`)
say(`per second  ${figure(sent / wallS)} dispatches/s  (${wallS.toFixed(2)} s)`)
if (values.rate === 'max' && bytes === PROMISED_BYTES) {
  const times = sent / cpuS / PROMISED_PER_S
  say(
    `promised    ${figure(PROMISED_PER_S)} dispatches/s per core: ${times >= 1 ? 'kept' : 'BROKEN'}, ${times.toFixed(2)} times that`,
  )
}
sink.kill()
