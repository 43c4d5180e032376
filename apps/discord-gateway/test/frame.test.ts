import { once } from 'node:events'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { textFrames } from '../src/link/frame.ts'

let server: WebSocketServer
let client: WebSocket
let write: (bytes: Buffer) => void
const inbox: string[] = []
let arrived = () => {}

beforeAll(async () => {
  server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false })
  server.on('connection', (_socket, request) => (write = (bytes) => void request.socket.write(bytes)))
  await once(server, 'listening')
  const address = server.address()
  if (typeof address !== 'object' || !address) throw new Error('no address')
  client = new WebSocket(`ws://127.0.0.1:${address.port}`)
  client.on('message', (data, isBinary) => {
    inbox.push(isBinary || !Buffer.isBuffer(data) ? 'binary' : data.toString())
    arrived()
  })
  await once(client, 'open')
})

afterAll(() => {
  client.terminate()
  server.close()
})

/** What a WebSocket client makes of the bytes. */
async function received(texts: readonly string[]): Promise<string[]> {
  inbox.length = 0
  const { promise, resolve } = Promise.withResolvers<void>()
  arrived = () => inbox.length >= texts.length && resolve()
  if (texts.length > 0) {
    write(textFrames(texts))
    await promise
  }
  return [...inbox]
}

it('what is framed arrives as it was, at every length of a header', async () => {
  const texts = ['', 'a', 'é'.repeat(62), 'x'.repeat(125), 'x'.repeat(126), 'x'.repeat(65_535), 'x'.repeat(65_536), '𝄞']
  expect(await received(texts)).toEqual(texts)
})

it('any texts', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.string({ unit: 'grapheme', maxLength: 400 }), { minLength: 1 }), async (texts) => {
      expect(await received(texts)).toEqual(texts)
    }),
  )
})

it('nothing is no bytes', () => {
  expect(textFrames([])).toHaveLength(0)
})
