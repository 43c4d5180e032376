import { once } from 'node:events'
import type { Server } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import type { Sender } from './sending.ts'

/** What an example waits for before its next tick, at the fullest socket: it has no bound of its own. */
const BACKLOG_BYTES = 256 * 1024

/** Every socket that a server has accepted. */
export function socketsOf(server: Server): ReadonlySet<Socket> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket) => sockets.add(socket))
  return sockets
}

/** As many as may wait to be accepted: thousands come at once, and the kernel takes its own most. */
const BACKLOG_CONNECTIONS = 65_535

/** Resolves to the port. */
export async function listen(server: Server, port = 0): Promise<number> {
  server.listen(port, '127.0.0.1', BACKLOG_CONNECTIONS)
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

/** What there is to know of a sender that writes straight to its sockets, whatever they hold already. */
export function watch(sockets: ReadonlySet<Socket>): Pick<Sender, 'isBehind' | 'isWritten' | 'writtenBytes'> {
  return {
    isBehind() {
      for (const { writableLength } of sockets) if (writableLength > BACKLOG_BYTES) return true
      return false
    },
    isWritten: () => true,
    writtenBytes() {
      let sum = 0
      for (const { bytesWritten } of sockets) sum += bytesWritten
      return sum
    },
  }
}
