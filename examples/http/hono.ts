import { serve } from '@hono/node-server'
import { Hono } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { PORT, say, whoIsInVoice } from './voice.ts'

const app = new Hono()
app.get('/voice', (context) => context.json(whoIsInVoice()))
app.post('/say', async (context) => {
  const { status, body } = await say(await context.req.json().catch(() => null))
  return context.json(body, status as ContentfulStatusCode)
})

// Whoever reaches it speaks as the bot: ask who they are before it listens to more than this machine.
serve({ fetch: app.fetch, port: PORT, hostname: '127.0.0.1' }, () => console.log(`listening on ${PORT}`))
