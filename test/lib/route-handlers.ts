/** Serves the Next.js example's route handlers by their folders, with standard requests, as Next.js does. */
import { serve } from '@hono/node-server'
import { POST } from '../../examples/http/nextjs/app/say/route.ts'
import { GET } from '../../examples/http/nextjs/app/voice/route.ts'
import { PORT } from '../../examples/http/voice.ts'

const routes: Readonly<Record<string, (request: Request) => Response | Promise<Response>>> = {
  'GET /voice': GET,
  'POST /say': POST,
}

const fetch = (request: Request) =>
  routes[`${request.method} ${new URL(request.url).pathname}`]?.(request) ?? new Response(null, { status: 404 })
serve({ fetch, port: PORT, hostname: '127.0.0.1' }, () => console.log(`listening on ${PORT}`))
