import { createServer, type Server, type ServerResponse } from 'node:http'
import { sendNodeResponse } from 'srvx/node'

/*
 * What the `broadcastToGuild` of the example that the protocol came with does, it does not say. Here are the two ways there are,
 * written with some care: the frame is made once.
 */

export type ExampleBackend = {
  server: Server
  broadcastToGuild: (guildId: string, event: string, payload: unknown) => void
}

const HEADERS = { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-cache' }

const frameOf = (event: string, payload: unknown) => `event: ${event}\ndata: ${JSON.stringify(payload)}\n\n`

/** As one would write it for Node: to each response. */
export function byResponses(): ExampleBackend {
  const responses = new Set<ServerResponse>()
  return {
    server: createServer((_request, response) => {
      response.writeHead(200, HEADERS)
      response.flushHeaders()
      responses.add(response)
      response.once('close', () => responses.delete(response))
    }),
    broadcastToGuild(_guildId, event, payload) {
      const frame = frameOf(event, payload)
      for (const response of responses) response.write(frame)
    },
  }
}

export type Stream = ReadableStreamDefaultController<Uint8Array>

/**
 * As a route of TanStack Start does it: a Response whose body is a stream for each browser, served by what serves Start in Node.
 * The frame's bytes are made once too.
 */
export function byRoute(): ExampleBackend & { streams: ReadonlySet<Stream> } {
  const streams = new Set<Stream>()
  const encoder = new TextEncoder()
  const open = (): ReadableStream<Uint8Array> => {
    let mine: Stream
    return new ReadableStream({
      start(stream) {
        mine = stream
        // A first chunk, or Node keeps the head back.
        stream.enqueue(encoder.encode(':\n\n'))
        streams.add(stream)
      },
      cancel: () => void streams.delete(mine),
    })
  }
  return {
    server: createServer((_request, response) => {
      void sendNodeResponse(response, new Response(open(), { headers: HEADERS }))
    }),
    broadcastToGuild(_guildId, event, payload) {
      const frame = encoder.encode(frameOf(event, payload))
      for (const stream of streams) stream.enqueue(frame)
    },
    streams,
  }
}
