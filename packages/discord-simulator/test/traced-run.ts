import { WebSocket } from 'ws'
import { createManualClock, createPlan, startSimulator } from '../src/index.ts'
import type { Simulator } from '../src/index.ts'
import { identity } from './raw-client.ts'
import type { Frame } from './raw-client.ts'

const START_MS = Date.parse('2026-11-20T14:08:00Z')
const SECONDS = 180

/** What the simulator has written down about one connection, counted as it is written. */
interface Written {
  opened: number
  sent: Map<number, number>
  received: Map<number, number>
}

/** A request that is answered once all before it on this machine has arrived. It stands in no trace. */
const fence = async (simulator: Simulator) => void (await fetch(`${simulator.url}/_simulator/connections`))

/** A client whose next step depends on nothing but what has all arrived. */
class Script {
  readonly socket: WebSocket
  readonly #simulator: Simulator
  readonly id: number
  frames: Frame[] = []
  taken = 0
  said = 0
  isClosed = false
  readonly closed: Promise<void>

  constructor(simulator: Simulator, id: number) {
    this.#simulator = simulator
    this.id = id
    this.socket = new WebSocket(`${simulator.gatewayUrl}/?v=10&encoding=json`)
    this.socket.on('message', (data) => {
      this.frames.push(JSON.parse((data as Buffer).toString()) as Frame)
      this.taken += 1
    })
    this.socket.on('error', () => {})
    this.closed = new Promise((resolve) =>
      this.socket.on('close', () => {
        this.isClosed = true
        resolve()
      }),
    )
  }

  say(op: number, d: unknown): void {
    this.said += 1
    this.socket.send(JSON.stringify({ op, d }))
  }

  get #isGone(): boolean {
    const info = this.#simulator.connections().find(({ id }) => id === this.id)
    return this.isClosed || (info !== undefined && info.close_code !== null)
  }

  /** True once each has heard all that the other has said; false if the connection is over, and both know it. */
  async settle(written: Written): Promise<boolean> {
    for (;;) {
      await fence(this.#simulator)
      if (this.#isGone) {
        this.socket.terminate()
        await this.closed
        while (this.#simulator.connections().some(({ close_code }) => close_code === null)) await fence(this.#simulator)
        for (let count = 0; count < 3; count++) await fence(this.#simulator)
        return false
      }
      const isOpen = written.opened >= this.id && this.socket.readyState === WebSocket.OPEN
      const isHeard = (written.received.get(this.id) ?? 0) === this.said
      if (isOpen && isHeard && (written.sent.get(this.id) ?? 0) === this.taken) return true
    }
  }
}

/**
 * The trace of a client that resumes or identifies whenever it must, and asks REST now and then, through minutes of faults
 * and life. All kinds of faults are among them: the script moves the clock whatever is held back.
 */
export async function tracedRun(seed: string): Promise<string> {
  const clock = createManualClock(START_MS)
  const lines: string[] = []
  const written: Written = { opened: 0, sent: new Map(), received: new Map() }
  const count = (map: Map<number, number>, id: number) => map.set(id, (map.get(id) ?? 0) + 1)
  const onTrace = (line: string) => {
    lines.push(line)
    const entry = JSON.parse(line) as Record<string, unknown>
    const id = Number(entry['connection'])
    if ('opened' in entry) written.opened = id
    if ('sent' in entry) count(written.sent, id)
    if ('received' in entry) count(written.received, id)
  }
  await using simulator = await startSimulator({ seed, clock, life: true, onTrace })
  simulator.faults.play(createPlan({ seed, duration_ms: (SECONDS - 10) * 1_000, every_ms: 5_000 }))
  const headers = { authorization: `Bot ${simulator.botToken}` }
  let session = ''
  let seq = 0
  let client: Script | null = null
  for (let second = 0; second < SECONDS; second++) {
    clock.advance(1_000)
    await (await fetch(`${simulator.apiUrl}/v10/gateway/bot`, { headers })).text()
    client ??= new Script(simulator, written.opened + 1)
    if (!(await client.settle(written))) {
      client = null
      continue
    }
    // Only what has all arrived counts: what a break has cut off may or may not have been read.
    let isOver = false
    for (const frame of client.frames.splice(0)) {
      seq = frame.s ?? seq
      if (frame.t === 'READY') session = frame.d.session_id
      if (frame.op === 9) isOver = true
      if (frame.op === 9 && !frame.d) session = ''
      const resume = { token: simulator.botToken, session_id: session, seq }
      if (frame.op === 10) client.say(session ? 6 : 2, session ? resume : identity(simulator))
    }
    if (isOver) client.socket.terminate()
    else if (client.said > 0) client.say(1, null)
    if (!(await client.settle(written))) client = null
  }
  // Before the simulator ends: how that goes is the system's business.
  const trace = lines.join('\n')
  client?.socket.terminate()
  await client?.closed
  return trace
}
