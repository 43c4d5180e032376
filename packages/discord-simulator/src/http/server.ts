import { createServer } from 'node:http'
import type { IncomingMessage, Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { isLocal } from './loopback.ts'
import { refuseUpgrade } from './refuse.ts'
import { send } from './reply.ts'
import type { Reply } from './reply.ts'

/** Who answers what. */
export interface Doors {
  answer: (request: IncomingMessage, url: URL) => Promise<Reply>
  upgrade: (request: IncomingMessage, url: URL, socket: Duplex, head: Buffer) => void
}

/** The one address that is listened on: the simulator is no server for strangers. */
export const HOST = '127.0.0.1'

const FORBIDDEN = 'Only this machine may talk to the simulator: Host and Origin must name the loopback.'

/** The URL that a request asks for, or undefined if that is none. */
function urlOf(request: IncomingMessage): URL | undefined {
  return URL.parse(`http://${HOST}${request.url ?? ''}`) ?? undefined
}

const isAllowed = ({ headers }: IncomingMessage) => isLocal(headers.host, headers.origin)

/** One HTTP server for everything. What is not of this machine is refused before any door opens. */
export function createDoorkeeper({ answer, upgrade }: Doors): Server {
  const reply = async (request: IncomingMessage): Promise<Reply> => {
    if (!isAllowed(request)) return { status: 403, body: { message: FORBIDDEN, code: 0 } }
    const url = urlOf(request)
    if (!url) return { status: 400, body: { message: '400: Bad Request', code: 0 } }
    return answer(request, url)
  }

  // Any other protocol that is offered (h2c) is declined, as RFC 9110 allows: the request itself is answered.
  const shouldUpgradeCallback = ({ headers }: IncomingMessage) => headers.upgrade?.toLowerCase() === 'websocket'
  const server = createServer({ shouldUpgradeCallback }, (request, response) => {
    reply(request).then(
      (answered) => send(response, answered),
      (error: unknown) => {
        send(response, { status: 500, body: { message: '500: Internal Server Error', code: 0, detail: String(error) } })
      },
    )
  })
  server.on('upgrade', (request, socket, head) => {
    // A socket that breaks during the handshake is nobody's fault.
    socket.on('error', () => socket.destroy())
    const url = urlOf(request)
    if (!isAllowed(request)) refuseUpgrade(socket, 403, FORBIDDEN)
    else if (!url) refuseUpgrade(socket, 400, '400: Bad Request')
    else upgrade(request, url, socket, head)
  })
  return server
}

/** Listens on the loopback, and resolves with the port. Rejects with the system's error if it is taken. */
export function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, HOST, () => {
      server.off('error', reject)
      resolve((server.address() as AddressInfo).port)
    })
  })
}
