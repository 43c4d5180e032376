import { createServer, type IncomingMessage } from 'node:http'
import { json } from 'node:stream/consumers'
import { PORT, say, whoIsInVoice } from './voice.ts'

async function answer(request: IncomingMessage): Promise<{ status: number; body: object }> {
  switch (`${request.method} ${request.url}`) {
    case 'GET /voice':
      return { status: 200, body: whoIsInVoice() }
    case 'POST /say':
      return say(await json(request).catch(() => null))
    default:
      return { status: 404, body: { message: 'there is nothing here' } }
  }
}

const server = createServer((request, response) => {
  answer(request).then(
    ({ status, body }) => response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body)),
    (error: unknown) => {
      console.error(error)
      response.writeHead(500).end()
    },
  )
})
// Whoever reaches it speaks as the bot: ask who they are before it listens to more than this machine.
server.listen(PORT, '127.0.0.1', () => console.log(`listening on ${PORT}`))
