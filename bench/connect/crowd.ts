import type { Socket } from 'node:net'
import { listener, streamRequest } from '../lib/listener.ts'
import { answerTo, setupOf } from '../lib/party.ts'

/*
 * Many browsers, in a process of their own, that lose their streams and come back all at once, as after a restart of what is
 * between: nobody waits for anybody, and each says the id of what it had last, or that it has heard nothing.
 */

/**
 * `isBack`: what a stream says, once, when it goes on from where it was, or has told all that there is; without ids it is back
 * with its head. `areNew`: whether they say no id.
 */
export type CrowdSetup = { path: string; count: number; cookies: readonly string[]; isBack: string; areNew: boolean }

const { path, count, cookies, isBack, areNew } = setupOf() as CrowdSetup
const word = Buffer.from(isBack)
const sockets = new Set<Socket>()
let opened = 0
/** They were all told the same, and cut in the same moment: the one who is looked at stands for all. */
let lastEventId: string | null = null

/** Each address has 28,000 ports. */
const ADDRESSES = 16

/** As EventSource does, which waits longer. */
const AGAIN_AFTER_MS = 100

/** Resolves when it is back, or for the first time there: to the bytes that it has read. Who is not let in tries again. */
function open(port: number, isFirst: boolean): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>()
  const expected = isFirst ? Buffer.from('\r\n\r\n') : word
  const isWitness = opened === 0
  const address = `127.0.0.${2 + (++opened % ADDRESSES)}`
  const headers = {
    Cookie: cookies[opened % cookies.length],
    'Last-Event-ID': isFirst || areNew ? undefined : (lastEventId ?? undefined),
  }
  const attempt = () => {
    /** The end of what was read until it is back. */
    let rest: Buffer | null = Buffer.alloc(0)
    const hear = (part: Buffer) => {
      if (isWitness) lastEventId = /.*^id: (?<id>\S+)$/ms.exec(part.toString('latin1'))?.groups?.['id'] ?? lastEventId
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
      if (rest === null) reject(new Error('a stream was closed'))
      else setTimeout(attempt, AGAIN_AFTER_MS)
    })
  }
  attempt()
  promise.catch(() => {})
  return promise
}

/** Any number more is a queue that the kernel cuts. */
const OPENED_AT_ONCE = 100

const answers = {
  /** Until so many are open. */
  async open({ port, upTo }: { port: number; upTo: number }): Promise<void> {
    while (sockets.size < upTo) {
      const some = Math.min(OPENED_AT_ONCE, upTo - sockets.size)
      await Promise.all(Array.from({ length: some }, () => open(port, true)))
    }
  },
  cut(): void {
    for (const socket of sockets) {
      socket.removeAllListeners('close')
      socket.destroy()
    }
    sockets.clear()
    opened = 0
  },
  /** All at once: after how many ms the last was back, and how many bytes each had been told by then, in the mean. */
  async comeBack(port: number): Promise<{ tookMs: number; bytesEach: number }> {
    const from = performance.now()
    const bytes = await Promise.all(Array.from({ length: count }, () => open(port, false)))
    return { tookMs: performance.now() - from, bytesEach: bytes.reduce((sum, one) => sum + one, 0) / count }
  },
}

export type Crowd = typeof answers

answerTo(answers)
