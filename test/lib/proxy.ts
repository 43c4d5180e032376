import { once } from 'node:events'
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

/** What stands between a browser and web at most places: passes everything, until it is told to misbehave. */
export async function startProxy(target: string) {
  const sockets = new Set<Socket>()
  const answering = new Set<IncomingMessage>()
  const proxy = {
    url: '',
    /** Answers 502 by itself, as a proxy does while what is behind it restarts. */
    broken: false,
    /** How much later than it could it passes on what event streams say, in ms, from when they are opened. */
    lateMs: 0,
    /** How many requests it has refused so. */
    refused: 0,
    /** The event streams that are open through it, by what was asked for. */
    get streams(): string[] {
      return [...answering].filter(isStream).map(({ url = '' }) => url)
    },
    cut() {
      for (const socket of sockets) socket.destroy()
    },
    async [Symbol.asyncDispose]() {
      server.close()
      proxy.cut()
      await once(server, 'close')
    },
  }
  const server = createServer((incoming, outgoing) => {
    if (proxy.broken) {
      proxy.refused++
      outgoing.writeHead(502, { 'content-type': 'text/html' }).end('<h1>502 Bad Gateway</h1>')
      return
    }
    answering.add(incoming)
    const onward = request(new URL(incoming.url ?? '/', target), {
      method: incoming.method ?? 'GET',
      headers: incoming.headers,
    })
    onward.on('response', (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
      if (proxy.lateMs > 0 && isStream(incoming)) passLate(answer, outgoing, proxy.lateMs)
      else answer.pipe(outgoing)
      answer.on('error', () => outgoing.destroy())
    })
    onward.on('error', () => {
      if (outgoing.headersSent) outgoing.destroy()
      else outgoing.writeHead(502).end()
    })
    outgoing.on('close', () => {
      answering.delete(incoming)
      onward.destroy()
    })
    incoming.pipe(onward)
  })
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  proxy.url = `http://127.0.0.1:${address.port}`
  return proxy
}

/** All of it as much later: in order, as over a long line. */
function passLate(answer: IncomingMessage, outgoing: ServerResponse, lateMs: number): void {
  answer.on('data', (bytes: Buffer) => setTimeout(() => outgoing.destroyed || outgoing.write(bytes), lateMs))
  answer.on('end', () => setTimeout(() => outgoing.end(), lateMs))
}

const isStream = ({ url = '' }: IncomingMessage): boolean => /\/events\?/.test(url)
