import { once } from 'node:events'
import type { Socket } from 'node:net'
import { apart } from './apart.ts'
import { eventCounter } from './event-counter.ts'
import { listener } from './listener.ts'
import { answerTo, setupOf } from './party.ts'
import { until } from './until.ts'

/*
 * The cheapest receivers there can be, in a process of their own: they send a request's head, and then only count bytes.
 * One of them, the witness, counts events too: by it a run proves that what was sent is what arrived, and that the others have
 * read as much, that it arrived at all of them. Where the same events may be told in other bytes, all of them count.
 */

/**
 * `answer`: what each says once it has been answered, a character a byte (latin1). `isIn`: by what it knows that it is told
 * whatever is sent from then on; an answer's head, where nothing else is said. `allCount`: whether each counts its events.
 */
export type ReceiversSetup = {
  port: number
  head: string
  answer?: string
  isIn?: string
  count: number
  allCount?: boolean
}

/** More at once would overflow the queue in which a server's kernel keeps those that it has not accepted. */
const CONNECTED_AT_ONCE = 100

const { port, head, answer, isIn = '\r\n\r\n', count, allCount = false } = setupOf() as ReceiversSetup
const sockets: Socket[] = []
/** Of each that counts. */
const events: number[] = []
let bytes = 0
let opened = 0

function receive(index: number): Socket {
  const eventsIn = index === 0 || allCount ? eventCounter() : null
  if (eventsIn) events[index] = 0
  let toSay = answer
  let answered: string | null = ''
  const socket = listener(port, (part) => {
    bytes += part.length
    if (toSay !== undefined) socket.write(toSay, 'latin1')
    toSay = undefined
    if (answered !== null) {
      answered += part.toString('latin1')
      if (answered.includes(isIn)) {
        answered = null
        opened++
      }
    }
    if (eventsIn) events[index] = (events[index] ?? 0) + eventsIn(part)
  })
  socket.write(head)
  // Nobody would notice otherwise: the run would wait for ever for what cannot come.
  socket.once('close', () => process.exit(1))
  return socket
}

const answers = {
  async open() {
    while (sockets.length < count) {
      const some = Array.from({ length: Math.min(CONNECTED_AT_ONCE, count - sockets.length) }, (_, index) =>
        receive(sockets.length + index),
      )
      sockets.push(...some)
      await Promise.all(some.map((socket) => once(socket, 'connect')))
    }
    await until(() => opened === count)
  },
  /** Answers when so many bytes in all have come: how many events the witness has seen. */
  async reach(total: number): Promise<number> {
    await until(() => bytes >= total)
    return events[0] ?? 0
  },
  /** How many have not read as much as the witness, from the head on, or as many events. */
  apart: () => apart(() => (allCount ? events : sockets.map(({ bytesRead }) => bytesRead))),
}

export type Receivers = typeof answers

answerTo(answers)
