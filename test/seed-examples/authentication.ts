import { WebSocket } from 'ws'

/** The seed's *Authentication*. */
export function example(gatewayUrl: string, linkToken: string): WebSocket {
  const ws = new WebSocket(gatewayUrl, {
    headers: {
      Authorization: `Bearer ${linkToken}`,
    },
  })
  return ws
}
