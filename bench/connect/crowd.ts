import type { Socket } from 'node:net'
import { atRest } from '../lib/at-rest.ts'
import { eventCounter } from '../lib/event-counter.ts'
import { listener, streamRequest } from '../lib/listener.ts'
import { answerTo, setupOf } from '../lib/party.ts'
import { until } from '../lib/until.ts'

/*
 * Many browsers, in a process of their own, that lose their streams and come back all at once, as after a restart of what is
 * between: nobody waits for anybody, and each says the id of what it had last, or that it has heard nothing.
 */

/**
 * `isBack`: what a stream says, once, when it goes on from where it was, or has told all that there is; without ids it is back
 * with its head. `areNew`: whether they say no id. `withinMs`: who is not back by then never will be.
 */
export type CrowdSetup = {
  path: string
  count: number
  cookies: readonly string[]
  isBack: string
  areNew: boolean
  withinMs: number
}

const { path, count, cookies, isBack, areNew, withinMs } = setupOf() as CrowdSetup
const word = Buffer.from(isBack)
const sockets = new Set<Socket>()
/** How many messages each has heard that nobody has asked for yet. */
const heard = Array.from({ length: count }, () => 0)
let opened = 0
/** Who was back, and whose stream was closed all the same. */
let lost = 0
/** What the last was answered that was not let in. */
let refusal = 'nothing'
/** They were all told the same, and cut in the same moment: the one who is looked at stands for all. */
let lastEventId: string | null = null

/** Each address has 28,000 ports. */
const ADDRESSES = 16

/** As EventSource does, which waits longer. */
const AGAIN_AFTER_MS = 100

/** Longer than something that is written to all of them is under way. */
const STILL_MS = 500

const LETS_IN = 'HTTP/1.1 200 '

/** Resolves when it is back, or for the first time there: to the bytes that it has read. Who is not let in tries again. */
function open(port: number, isFirst: boolean): Promise<number> {
  const { promise, resolve } = Promise.withResolvers<number>()
  const expected = isFirst ? Buffer.from('\r\n\r\n') : word
  const index = opened++
  const address = `127.0.0.${2 + (opened % ADDRESSES)}`
  const headers = {
    Cookie: cookies[opened % cookies.length],
    'Last-Event-ID': isFirst || areNew ? undefined : (lastEventId ?? undefined),
  }
  const before = heard[index] ?? 0
  const attempt = () => {
    const eventsIn = eventCounter()
    const readId = index === 0 ? idReader() : null
    /** The end of what was read until it is back. */
    let rest: Buffer | null = Buffer.alloc(0)
    let isAnswered = false
    heard[index] = before
    const hear = (part: Buffer) => {
      if (!isAnswered && !part.toString('latin1', 0, LETS_IN.length).startsWith(LETS_IN)) {
        refusal = part.toString('latin1').split('\r\n')[0] ?? ''
        socket.destroy()
        return
      }
      isAnswered = true
      readId?.(part)
      heard[index] = (heard[index] ?? 0) + eventsIn(part)
      if (rest === null) return
      const text = Buffer.concat([rest, part])
      const isThere = text.includes(expected)
      rest = isThere ? null : Buffer.from(text.subarray(-expected.length))
      if (isThere) resolve(socket.bytesRead)
    }
    const socket = listener(port, hear, address)
    sockets.add(socket)
    socket.once('connect', () => socket.write(streamRequest(path, headers)))
    socket.on('error', () => {})
    socket.once('close', () => {
      sockets.delete(socket)
      if (rest === null) lost++
      else setTimeout(attempt, AGAIN_AFTER_MS)
    })
  }
  attempt()
  return promise
}

/** Finds the last id that was said, wherever the stream of bytes is cut. */
function idReader(): (part: Buffer) => void {
  let line = ''
  return (part) => {
    const text = line + part.toString('latin1')
    lastEventId = /.*^id: (?<id>\S+)\n/ms.exec(text)?.groups?.['id'] ?? lastEventId
    line = text.slice(text.lastIndexOf('\n') + 1)
  }
}

/** @throws {Error} that says how many were not there in time. */
async function allOf(opening: readonly Promise<number>[]): Promise<number[]> {
  let missing = opening.length
  for (const one of opening) void one.then(() => missing--)
  const { promise: late, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => {
    const within = `within ${withinMs / 1_000} s; the last refusal: ${refusal}`
    reject(new Error(`${missing} of ${opening.length} browsers were not there ${within}`))
  }, withinMs)
  try {
    return await Promise.race([Promise.all(opening), late])
  } finally {
    clearTimeout(timer)
  }
}

/** Any number more is a queue that the kernel cuts. */
const OPENED_AT_ONCE = 100

const answers = {
  /** Until so many are open. */
  async open({ port, upTo }: { port: number; upTo: number }): Promise<void> {
    while (sockets.size < upTo) {
      const some = Math.min(OPENED_AT_ONCE, upTo - sockets.size)
      await allOf(Array.from({ length: some }, () => open(port, true)))
    }
  },
  cut(): void {
    for (const socket of sockets) {
      socket.removeAllListeners('close')
      socket.destroy()
    }
    sockets.clear()
    opened = 0
    lost = 0
  },
  /** All at once: after how many ms the last was back, and how many bytes each had been told by then, in the mean. */
  async comeBack(port: number): Promise<{ tookMs: number; bytesEach: number }> {
    const from = performance.now()
    const bytes = await allOf(Array.from({ length: count }, () => open(port, false)))
    return { tookMs: performance.now() - from, bytesEach: bytes.reduce((sum, one) => sum + one, 0) / count }
  },
  /**
   * Of so many messages that were sent since it was asked last each must have heard every one, and none twice. `orFewer`: or those
   * that were sent after it had been told all there is.
   *
   * @throws {Error} that says how many have not.
   */
  async heardAll({ messages, orFewer = false }: { messages: number; orFewer?: boolean }): Promise<void> {
    // Who it is that has not is said below.
    if (!orFewer) await until(() => heard.every((events) => events >= messages), withinMs).catch(() => {})
    await atRest(() => [...heard], STILL_MS)
    const fewer = orFewer ? 0 : heard.filter((events) => events < messages).length
    const more = heard.filter((events) => events > messages).length
    if (fewer + more > 0)
      throw new Error(`of ${messages} messages ${fewer} of ${count} browsers heard fewer, and ${more} more`)
    if (lost > 0) throw new Error(`${lost} of ${count} streams were closed`)
    heard.fill(0)
  },
}

export type Crowd = typeof answers

answerTo(answers)
