import { GUILDS_MAX, GuildsStream, type GuildsHandlers } from '../guilds-stream.ts'
import { hasEnded, type StreamEnvironment, type StreamStatus } from '../stream-types.ts'
import { BEAT_MS, HUB_VERSION, type TabPort, type ToHub } from './messages.ts'
import { Room } from './room.ts'
import { Subscriber } from './subscriber.ts'
import { TabLine } from './tab-line.ts'

/** A guild that nobody wants stays in the response for so long: whoever looks away comes back soon, and others need not be moved. */
const EMPTY_MS = 30_000

/**
 * Holds one response for all tabs of a browser, and passes on to each what it wants: HTTP/1.1 allows six connections to a
 * host, and the server has one stream to serve instead of ten.
 */
export class StreamHub {
  readonly #env: StreamEnvironment
  readonly #viewer: string | null
  readonly #tabs = new Map<TabLine, Map<number, Subscriber>>()
  readonly #rooms = new Map<string, Room>()
  readonly #shared: GuildsStream
  #isBeating = false

  /** @param viewer for whom all of it is: tabs of others are turned away. */
  constructor(env: StreamEnvironment, viewer: string | null) {
    this.#env = env
    this.#viewer = viewer
    const handlers: GuildsHandlers = {
      onFrame: (frame) => {
        const room = this.#rooms.get(frame.guildId)
        if (room === undefined) return
        room.hear(frame)
        this.#letIn(room)
      },
      onHops: (data) => {
        for (const line of this.#tabs.keys()) line.offer({ type: 'hops', data })
        for (const { members } of this.#rooms.values()) for (const member of members) member.passHeld()
      },
      onTimes: (guildId, data) => {
        for (const member of this.#rooms.get(guildId)?.members ?? []) member.times(data)
      },
      onStatus: (guildId, status) => this.#hearStatus(guildId, status),
    }
    this.#shared = new GuildsStream(env, handlers, viewer)
    this.#shared.start()
  }

  /** A tab is there. */
  connect(port: TabPort): void {
    const line = new TabLine(port, this.#env.now)
    this.#tabs.set(line, new Map())
    line.listen((message) => this.#hear(line, message))
    if (!this.#isBeating) this.#beatLater()
  }

  #hear(line: TabLine, message: ToHub): void {
    const subscribers = this.#tabs.get(line)
    if (subscribers === undefined) return
    switch (message.type) {
      case 'hello':
        line.back()
        if (message.version === HUB_VERSION && message.viewer === this.#viewer) line.post({ type: 'welcome' })
        else line.post({ type: 'stranger', version: HUB_VERSION })
        break
      case 'join':
        this.#join(line, message)
        break
      case 'leave':
        this.#leave(subscribers.get(message.sub))
        break
      case 'taken':
        line.take(message.messages, message.chars)
        break
      case 'retry':
        this.#shared.retryNow()
        for (const subscriber of subscribers.values()) subscriber.retryNow()
        break
      case 'bye':
        this.#dropAll(line)
        this.#tabs.delete(line)
        line.close()
        if (this.#tabs.size === 0) this.#rest()
        break
    }
  }

  #join(line: TabLine, { sub, guildId, place }: Extract<ToHub, { type: 'join' }>): void {
    const subscriber = new Subscriber(line, { sub, guildId, viewer: this.#viewer }, this.#env)
    this.#tabs.get(line)?.set(sub, subscriber)
    subscriber.onAstray = (from) => this.#goAlone(subscriber, from)
    const room = this.#rooms.get(guildId) ?? this.#newRoom(guildId, place)
    if (room?.isFresh && room.firstPlace === place) {
      room.members.add(subscriber)
      subscriber.status(this.#shared.statusOf(guildId))
    } else {
      this.#goAlone(subscriber, place)
    }
  }

  /** Null: the response has as many guilds as it may have. Those beyond have one each, for as long as they are wanted. */
  #newRoom(guildId: string, place: string | null): Room | null {
    if (this.#shared.size >= GUILDS_MAX) return null
    const room = new Room(guildId, place, this.#shared)
    this.#rooms.set(guildId, room)
    this.#shared.add(guildId, place)
    return room
  }

  #goAlone(subscriber: Subscriber, place: string | null): void {
    const room = this.#rooms.get(subscriber.guildId)
    room?.members.delete(subscriber)
    room?.await(subscriber)
    subscriber.goAlone(place, {
      onMoved: () => room && this.#letIn(room),
      onEnded: (how) => {
        if (how === 'signed-out') this.#signOut()
        else {
          subscriber.status({ phase: 'no-access', since: this.#env.now(), attempt: 0, nextAttemptAt: null })
          this.#leave(subscriber)
        }
      },
    })
  }

  #letIn(room: Room): void {
    // Whose room is gone by now goes on by themselves.
    if (this.#rooms.get(room.guildId) !== room || this.#shared.statusOf(room.guildId).phase !== 'live') return
    for (const comer of room.comers) {
      if (room.letIn(comer)) comer.status(this.#shared.statusOf(room.guildId))
    }
  }

  #hearStatus(guildId: string, status: StreamStatus): void {
    if (status.phase === 'signed-out') return this.#signOut()
    const room = this.#rooms.get(guildId)
    if (room === undefined) return
    const members = [...room.members]
    for (const member of members) member.status(status)
    if (status.phase === 'live') this.#letIn(room)
    if (!hasEnded(status)) return
    // Who is on the way in is told by their own response.
    this.#rooms.delete(guildId)
    for (const member of members) this.#leave(member)
  }

  /** Nothing more is for anybody here. Who comes afterwards, somebody else maybe, begins from nothing. */
  #signOut(): void {
    const status: StreamStatus = { phase: 'signed-out', since: this.#env.now(), attempt: 0, nextAttemptAt: null }
    const all = [...this.#tabs.values()].flatMap((subscribers) => [...subscribers.values()])
    const guilds = [...this.#rooms.keys()]
    this.#rooms.clear()
    for (const guildId of guilds) this.#shared.remove(guildId)
    for (const subscriber of all) {
      subscriber.status(status)
      this.#leave(subscriber)
    }
  }

  #leave(subscriber: Subscriber | undefined): void {
    if (subscriber === undefined) return
    subscriber.close()
    this.#tabs.get(subscriber.line)?.delete(subscriber.sub)
    const room = this.#rooms.get(subscriber.guildId)
    if (room === undefined) return
    room.leave(subscriber)
    if (room.isEmpty) this.#env.setTimer(() => this.#close(room), EMPTY_MS)
  }

  #close(room: Room): void {
    if (!room.isEmpty || this.#rooms.get(room.guildId) !== room) return
    this.#rooms.delete(room.guildId)
    this.#shared.remove(room.guildId)
  }

  /** Nobody is there who might come back to it. */
  #rest(): void {
    for (const room of this.#rooms.values()) this.#close(room)
  }

  #beatLater(): void {
    this.#isBeating = this.#tabs.size > 0
    if (this.#isBeating) this.#env.setTimer(() => this.#beat(), BEAT_MS)
  }

  #beat(): void {
    this.#beatLater()
    for (const line of this.#tabs.keys()) {
      line.beat()
      if (line.isDropped || !line.isLost) continue
      line.drop()
      this.#dropAll(line)
    }
  }

  #dropAll(line: TabLine): void {
    for (const subscriber of this.#tabs.get(line)?.values() ?? []) this.#leave(subscriber)
  }
}
