import { once } from 'node:events'
import type { Socket } from 'node:net'
import { listener, streamRequest } from '../lib/listener.ts'
import { answerTo, setupOf } from '../lib/party.ts'
import { until } from '../lib/until.ts'
import { stampReader } from './stamp.ts'

/*
 * Browsers, in a process of their own. Some of them, evenly among the rest, look at every message; the others only take
 * bytes, so that looking costs little of what is measured.
 */

/** `cookies`: those of different people, in turn; none, where nobody asks who looks. */
export type BrowsersSetup = { port: number; path: string; count: number; cookies: readonly string[] }

/** Whoever writes to one after the other makes the last wait longest, so they are to be found at both ends too. */
const WITNESSES = 5

const { port, path, count, cookies } = setupOf() as BrowsersSetup
const witnesses = new Map(
  Array.from({ length: WITNESSES }, (_, index): [number, number[]] => [
    Math.round((index * (count - 1)) / (WITNESSES - 1)),
    [],
  ]),
)

async function open(index: number): Promise<Socket> {
  const tookMs = witnesses.get(index)
  const read = tookMs && stampReader((ms) => tookMs.push(ms))
  let heard = false
  const socket = listener(port, (part) => {
    heard = true
    read?.(part)
  })
  await once(socket, 'connect')
  socket.write(streamRequest(path, { Cookie: cookies[index % cookies.length] }))
  // Nobody would notice otherwise: the run would wait for ever for what cannot come.
  socket.once('close', () => process.exit(1))
  // What is sent from the answer on, it is told.
  await until(() => heard)
  return socket
}

const answers = {
  async open() {
    for (let index = 0; index < count; index++) await open(index)
  },
  /** Answers when each witness has seen so many messages since it was asked last: how long each was under way, in ms. */
  async reach(messages: number): Promise<number[]> {
    await until(() => [...witnesses.values()].every((tookMs) => tookMs.length >= messages))
    return [...witnesses.values()].flatMap((tookMs) => tookMs.splice(0))
  },
}

export type Browsers = typeof answers

answerTo(answers)
