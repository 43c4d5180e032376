import { EventEmitter } from 'node:events'
import type { ServerResponse } from 'node:http'
import { Writable } from 'node:stream'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { EventFeed, MemoryLog } from '@repo/event-feed'
import { createParser } from 'eventsource-parser'
import type { EventSourceMessage } from 'eventsource-parser'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Member } from '../../src/server/membership/membership.ts'
import { EventStream } from '../../src/server/realtime/event-stream.ts'
import { Viewers } from '../../src/server/sight/viewers.ts'
import { demultiplexed } from './demultiplexed.ts'
import { StateMembership } from './state-membership.ts'
import { stateOf } from './stream-scene.ts'

/*
 * One browser over a socket that stops taking and goes on at random, with several guilds: each is told exactly what happened there,
 * in order and once, from the place at which the browser last was in it, wherever the others are.
 */

const GUILDS = ['1', '2', '3', '4', '5']
const SOCKET_BYTES = 2_000
/** Larger than what a socket holds, and smaller. */
const PADDINGS = [0, 300, 3_000]
/** What may be written beside: whose the next frames are. */
const GUILD_FRAME_BYTES = 64
/** Far more than anyone needs to read what there is. */
const MANY_TURNS = 2_000

/** As much of a response as a stream uses, over a socket that takes what it is told to. */
class FakeResponse extends EventEmitter {
  readonly chunkedEncoding = false
  readonly socket: Writable
  readonly messages: EventSourceMessage[] = []
  /** Whether something was written while it was full. */
  isOverfilled = false
  isTaking = true
  #waiting: (() => void)[] = []
  readonly #parser = createParser({ onEvent: (message) => this.messages.push(message) })

  constructor() {
    super()
    const socket = new Writable({
      highWaterMark: SOCKET_BYTES,
      write: (bytes: Buffer, _, done) => this.#take(bytes, done),
      writev: (chunks, done) => this.#take(Buffer.concat(chunks.map(({ chunk }) => chunk as Buffer)), done),
    })
    const write = socket.write.bind(socket) as (bytes: Buffer) => boolean
    socket.write = (bytes: Buffer) => {
      if (socket.writableCorked === 0) this.#note(socket)
      return write(bytes)
    }
    // What is written in pieces is begun where there is room.
    const cork = socket.cork.bind(socket)
    socket.cork = () => {
      this.#note(socket)
      cork()
    }
    this.socket = socket
  }

  #note({ writableLength }: Writable): void {
    this.isOverfilled ||= writableLength >= SOCKET_BYTES + GUILD_FRAME_BYTES
  }

  writeHead(): void {}
  flushHeaders(): void {}
  end(): void {
    this.destroy()
  }
  destroy(): void {
    this.socket.destroy()
    this.emit('close')
  }

  take(): void {
    this.isTaking = true
    for (const take of this.#waiting.splice(0)) take()
  }

  #take(bytes: Buffer, done: () => void): void {
    const take = () => {
      this.#parser.feed(bytes.toString())
      done()
    }
    if (this.isTaking) take()
    else this.#waiting.push(take)
  }
}

class Model {
  readonly feed: EventFeed
  readonly #viewers: Viewers
  /** What happened, by guild, each with its position. */
  readonly happened = new Map(GUILDS.map((id) => [id, [] as number[]]))
  /** What was told, by guild, over all responses. */
  readonly told = new Map<string, string[]>()
  response = new FakeResponse()
  #position = 0

  constructor() {
    const log = new MemoryLog({ maxAgeMs: 1e9, maxBytes: 1e9, epoch: 'e' })
    const membership = new StateMembership(() => this.feed.state)
    this.#viewers = new Viewers({ state: () => this.feed.state, log, membership, retentionMs: 1e9 })
    this.feed = new EventFeed({ log, ready: false, witness: this.#viewers, pageEntries: 3 })
  }

  async begin(): Promise<void> {
    await this.feed.restart({ epoch: 'e', position: 0 }, stateOf(...GUILDS), 'fresh')
    this.open(GUILDS)
  }

  publish(guildIds: readonly string[], padding: number): Promise<void> {
    return this.feed.publishAll(
      guildIds.map((guildId) => {
        this.happened.get(guildId)?.push(++this.#position)
        const payload = JSON.stringify({
          guild_id: guildId,
          channel_id: '10',
          user_id: '5',
          padding: 'x'.repeat(padding),
        })
        const entry = { kind: 'dispatch' as const, event: 'TYPING_START', guildId, payload, ts: Date.now() }
        return { entry: { ...entry, position: this.#position } }
      }),
    )
  }

  /** The response breaks, and the browser comes back with what it has of each guild that it still wants. */
  open(guildIds: readonly string[]): void {
    this.close()
    const response = new FakeResponse()
    this.response = response
    const stream = new EventStream(response as unknown as ServerResponse, {
      viewer: { userId: '5', sessionId: 's' },
      saysGuild: true,
      endsAt: Infinity,
      now: Date.now,
      onClose: () => {},
    })
    for (const guildId of guildIds) {
      const lastEventId = this.placeIn(guildId)
      const sink = stream.open(guildId, ({ visit }) => visit && this.#viewers.leave(visit))
      const member = this.feed.state.get(guildId)?.collections.members.get('5') as Member
      const visit = this.#viewers.enter({
        guildId,
        userId: '5',
        member,
        threads: new Set(),
        lastEventId,
        isTimed: true,
      })
      const filter = { guilds: new Set([guildId]), events: null, guildless: false }
      sink.follow(visit, (into) => this.feed.subscribe({ lastEventId, filter, sink: into }))
    }
  }

  /** What was told on the response before counts, as far as it came. */
  close(): void {
    const { response } = this
    response.destroy()
    for (const [guildId, lines] of this.linesNow())
      this.told.set(guildId, [...(this.told.get(guildId) ?? []), ...lines])
    response.messages.length = 0
    expect(response.isOverfilled).toBe(false)
  }

  linesNow(): Map<string, string[]> {
    const { messages } = this.response
    return demultiplexed(messages.filter(({ event }) => event !== 'times'))
  }

  linesOf(guildId: string): string[] {
    return [...(this.told.get(guildId) ?? []), ...(this.linesNow().get(guildId) ?? [])]
  }

  /** The last id after a `live`: one of a snapshot that was cut off is none. */
  placeIn(guildId: string): string | null {
    let [place, isWhole] = [null as string | null, false]
    for (const line of this.told.get(guildId) ?? []) {
      const [event, ...rest] = line.split(' ')
      const id = rest.find((word) => word.startsWith('e-'))
      if (event === 'sync') isWhole = rest[0] !== 'snapshot'
      if (isWhole && id !== undefined) place = id
    }
    return place
  }
}

/** Holds what one guild was told against what happened there. */
function check(lines: readonly string[], happened: readonly number[]): void {
  let place: number | null = null
  for (const line of lines) {
    const position = Number(/ e-(\d+)$/.exec(line)?.[1] ?? Number.NaN)
    if (line.startsWith('sync snapshot')) place = null
    if (Number.isNaN(position)) continue
    const due = happened.filter((at) => place !== null && at > place && at < position)
    expect({ line, due }).toEqual({ line, due: [] })
    if (line.startsWith('TYPING_START')) {
      if (place !== null) expect(position).toBeGreaterThan(place)
      expect(happened).toContain(position)
    }
    place = position
  }
}

const some = fc.subarray(GUILDS, { minLength: 1 })
const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('publish' as const),
      guilds: fc.array(fc.constantFrom(...GUILDS), { minLength: 1, maxLength: 6 }),
      padding: fc.constantFrom(...PADDINGS),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('stop' as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('take' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('open' as const), guilds: some }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('announce' as const) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('wait' as const), turns: fc.nat(4) }) },
)

test('each guild of a stream is told all that happens there, in order and once, wherever the others are', async () => {
  let [waited, resumed] = [0, 0]
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
      const model = new Model()
      await model.begin()
      const waiting: Promise<unknown>[] = []
      for (const now of steps) {
        if (now.do === 'publish') waiting.push(model.publish(now.guilds, now.padding))
        else if (now.do === 'stop') model.response.isTaking = false
        else if (now.do === 'take') model.response.take()
        else if (now.do === 'open') model.open(now.guilds)
        else if (now.do === 'announce') waiting.push(model.feed.announcePositions())
        else for (let turn = 0; turn < now.turns; turn++) await nextTurn()
        if (model.response.socket.writableNeedDrain) waited++
      }
      await Promise.all(waiting)
      model.open(GUILDS)
      await model.publish(GUILDS, 0)
      const last = (id: string) => `TYPING_START e-${model.happened.get(id)?.at(-1)}`
      const isThere = (id: string) => {
        const lines = model.linesOf(id)
        const place = Number(/ e-(\d+)$/.exec(lines.at(-1) ?? '')?.[1])
        return lines.includes(last(id)) || place >= (model.happened.get(id)?.at(-1) ?? 0)
      }
      for (let turn = 0; !GUILDS.every(isThere); turn++) {
        expect(turn).toBeLessThan(MANY_TURNS)
        model.response.take()
        await nextTurn()
      }
      for (const id of GUILDS) {
        check(model.linesOf(id), model.happened.get(id) ?? [])
        resumed += model.linesOf(id).filter((line) => line === 'sync resumed').length
      }
      model.close()
      await model.feed.close()
    }),
    { numRuns: 300 },
  )
  // The runs came across what they are there to come across.
  for (const count of [waited, resumed]) expect(count).toBeGreaterThan(100)
}, 60_000)

test('guilds that are behind take turns', async () => {
  const model = new Model()
  await model.begin()
  model.response.isTaking = false
  const guilds = ['1', '2', '3']
  for (let round = 0; round < 30; round++) await model.publish(guilds, 3_000)
  const count = (id: string) => model.linesOf(id).filter((line) => line.startsWith('TYPING_START')).length
  for (let page = 0; page < 15; page++) {
    model.response.take()
    model.response.isTaking = false
    for (let turn = 0; turn < 5; turn++) await nextTurn()
    const counts = guilds.map(count)
    // A page has three.
    expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(6)
  }
  expect(Math.min(...guilds.map(count))).toBeGreaterThan(5)
  model.close()
  await model.feed.close()
})
