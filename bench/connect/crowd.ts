import type { Socket } from 'node:net'
import { listener, streamRequest } from '../lib/listener.ts'
import { answerTo, setupOf } from '../lib/party.ts'

/*
 * Many browsers, in a process of their own, that lose their streams and come back all at once, as after a restart of what is
 * between: nobody waits for anybody, and each says the id of what it had last.
 */

/** `isBack`: what a stream says, once, when it goes on from where it was; without ids it is back with its head. */
export type CrowdSetup = { path: string; count: number; cookies: readonly string[]; isBack: string }

const { path, count, cookies, isBack } = setupOf() as CrowdSetup
const word = Buffer.from(isBack)
const sockets = new Set<Socket>()
let opened = 0
/** They were all told the same, and cut in the same moment: the one who is looked at stands for all. */
let lastEventId: string | null = null

/** Each address has 28,000 ports. */
const ADDRESSES = 16

/** As EventSource does, which waits longer. */
const AGAIN_AFTER_MS = 100

/** Resolves when it is back, or for the first time there. Who is not let in tries again. */
function open(port: number, isFirst: boolean): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const expected = isFirst ? Buffer.from('\r\n\r\n') : word
  const isWitness = opened === 0
  const address = `127.0.0.${2 + (++opened % ADDRESSES)}`
  const headers = {
    Cookie: cookies[opened % cookies.length],
    'Last-Event-ID': isFirst ? undefined : (lastEventId ?? undefined),
  }
  const attempt = () => {
    let head: Buffer | null = Buffer.alloc(0)
    const hear = (part: Buffer) => {
      if (isWitness) lastEventId = /.*^id: (?<id>\S+)$/ms.exec(part.toString('latin1'))?.groups?.['id'] ?? lastEventId
      if (head === null) return
      head = Buffer.concat([head, part])
      if (!head.includes(expected)) return
      head = null
      resolve()
    }
    const socket = listener(port, hear, address)
    sockets.add(socket)
    socket.once('connect', () => socket.write(streamRequest(path, headers)))
    socket.on('error', () => {})
    socket.once('close', () => {
      sockets.delete(socket)
      if (head === null) reject(new Error('a stream was closed'))
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
  /** All at once: after how many ms each was back, sorted. */
  async comeBack(port: number): Promise<number[]> {
    const from = performance.now()
    const tookMs = await Promise.all(
      Array.from({ length: count }, async () => {
        await open(port, false)
        return performance.now() - from
      }),
    )
    return tookMs.toSorted((a, b) => a - b)
  },
}

export type Crowd = typeof answers

answerTo(answers)
