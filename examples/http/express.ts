import express, { type ErrorRequestHandler } from 'express'
import { PORT, say, whoIsInVoice } from './voice.ts'

const app = express()
app.use(express.json())
app.get('/voice', (_request, response) => response.json(whoIsInVoice()))
// What the promise rejects with goes to the error handler, as of Express 5.
// oxlint-disable-next-line oxc/no-async-endpoint-handlers
app.post('/say', async (request, response) => {
  const { status, body } = await say(request.body ?? null)
  response.status(status).json(body)
})

/** Express's own would answer with a page, and the stack on it; a body that is no JSON comes here as a 400. */
const answerError: ErrorRequestHandler = (error: { status?: number; message: string }, _request, response, _next) => {
  const { status = 500, message } = error
  if (status < 500) return void response.status(status).json({ code: 'INVALID_PAYLOAD', message })
  console.error(error)
  response.status(status).end()
}
app.use(answerError)

// Whoever reaches it speaks as the bot: ask who they are before it listens to more than this machine.
app.listen(PORT, '127.0.0.1', () => console.log(`listening on ${PORT}`))
