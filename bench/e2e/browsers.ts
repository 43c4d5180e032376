import { once } from 'node:events'
import type { Socket } from 'node:net'
import { apart } from '../lib/apart.ts'
import { atRest } from '../lib/at-rest.ts'
import { eventCounter } from '../lib/event-counter.ts'
import { listener, streamRequest } from '../lib/listener.ts'
import { answerTo, setupOf } from '../lib/party.ts'
import { until } from '../lib/until.ts'
import { stampReader } from './stamp.ts'

/*
 * Browsers, in a process of their own. Some of them, evenly among the rest, look at every message; the others only take
 * bytes, so that looking costs little of what is measured, and must have taken as many.
 */

/**
 * `cookies`: those of different people, in turn; none, where nobody asks who looks. `allCount`: whether each counts its messages,
 * for who falls behind is told the same in fewer chunks, and reads fewer bytes.
 */
export type BrowsersSetup = {
  port: number
  path: string
  count: number
  cookies: readonly string[]
  allCount?: boolean
}

/** Whoever writes to one after the other makes the last wait longest, so they are to be found at both ends too. */
const WITNESSES = 5

/** Longer than something that is written to all of them is under way. */
const STILL_MS = 200

const { port, path, count, cookies, allCount = false } = setupOf() as BrowsersSetup
const sockets: Socket[] = []
/** What each was told at first, which is not the same for different people; what follows is. */
let atFirst: readonly number[] = []
/** Of each, where all count. */
const heardBy = Array.from({ length: count }, () => 0)
/** Of these each is to hear so many. */
let due = 0
const told = () => (allCount ? heardBy : sockets.map(({ bytesRead }, index) => bytesRead - (atFirst[index] ?? 0)))
const witnesses = new Map(
  Array.from({ length: WITNESSES }, (_, index): [number, number[]] => [
    Math.round((index * (count - 1)) / (WITNESSES - 1)),
    [],
  ]),
)

async function open(index: number): Promise<Socket> {
  const tookMs = witnesses.get(index)
  const read = tookMs && stampReader((ms) => tookMs.push(ms))
  const messagesIn = allCount ? eventCounter() : null
  let heard = false
  const socket = listener(port, (part) => {
    heard = true
    read?.(part)
    if (messagesIn) heardBy[index] = (heardBy[index] ?? 0) + messagesIn(part)
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
    for (let index = 0; index < count; index++) sockets.push(await open(index))
    atFirst = await atRest(() => sockets.map(({ bytesRead }) => bytesRead), STILL_MS)
    heardBy.fill(0)
  },
  /**
   * Answers when each witness has seen so many messages since it was asked last: how long each was under way, in ms.
   *
   * @throws {Error} when a witness has seen more, or a browser was told more or less than the first.
   */
  async reach(messages: number): Promise<number[]> {
    const seen = [...witnesses.values()]
    await until(() => seen.every(({ length }) => length >= messages))
    // Who is behind hears the rest of it later than those.
    due += messages
    if (allCount) await until(() => heardBy.every((heard) => heard >= due))
    const unlike = await apart(told)
    if (unlike > 0) throw new Error(`${unlike} of ${count} browsers were told more or less than the first`)
    const most = Math.max(...seen.map(({ length }) => length))
    if (most > messages) throw new Error(`of ${messages} messages ${most} arrived`)
    return seen.flatMap((tookMs) => tookMs.splice(0))
  },
}

export type Browsers = typeof answers

answerTo(answers)
