import { say } from '../../../voice.ts'

// Whoever reaches it speaks as the bot: ask who they are first, as with every route handler.
export async function POST(request: Request): Promise<Response> {
  const { status, body } = await say(await request.json().catch(() => null))
  return Response.json(body, { status })
}
