import express from 'express'
import { PORT, say, whoIsInVoice } from './voice.ts'

const app = express()
app.use(express.json())
app.get('/voice', (_request, response) => response.json(whoIsInVoice()))
// What the promise rejects with goes to Express's error handler, as of Express 5.
// oxlint-disable-next-line oxc/no-async-endpoint-handlers
app.post('/say', async (request, response) => {
  const { status, body } = await say(request.body ?? null)
  response.status(status).json(body)
})

// Whoever reaches it speaks as the bot: ask who they are before it listens to more than this machine.
app.listen(PORT, '127.0.0.1', () => console.log(`listening on ${PORT}`))
