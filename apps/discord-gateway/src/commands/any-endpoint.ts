import { parseResponse, type ResponseLike } from '@discordjs/rest'
import { bodyWith, loadUploads } from './files.ts'
import type { Handler } from './handler.ts'
import { queryOf, reasonOf, requestTo } from './rest-handler.ts'

/** Whatever the payload says, under the limits that all commands are under. */
export const anyEndpoint: Handler<'discord_api'> = async (
  input,
  { discord, nonce: _nonce, actor, findUpload, ...call },
) => {
  const { method, path, body, form } = input
  const parts = Object.keys(form ?? {})
  using loaded = await loadUploads({ ...form }, findUpload, { parts, at: 'form.' })
  const { files } = loaded
  const query = queryOf(Object.entries(input.query ?? {}))
  const reason = reasonOf(input.reason, actor)
  const fullRoute = path as `/${string}`
  // https://docs.discord.com/developers/topics/rate-limits#global-rate-limit: interactions are not bound by it.
  const urgent = path.startsWith('/interactions/')
  const request = requestTo(method, fullRoute, { query, reason })
  const hasFiles = files.length > 0
  const others = body === undefined && !hasFiles ? 'query' : 'body'
  const fieldOf = (keys: readonly string[]) => [parts.includes(keys[0] ?? '') ? 'form' : others, ...keys]
  // What the first attempt deleted is not found by the second.
  const done = method === 'DELETE' ? 404 : undefined
  const found = await discord.call({ ...call, urgent, done, hasFiles, fieldOf }, async (rest, signal) => {
    const response = await rest.queueRequest({ ...request, ...bodyWith(body, files, true), signal })
    return { status: response.status, body: await told(response) }
  })
  return { success: true, ...((found as typeof found | undefined) ?? { status: 204, body: null }) }
}

/** What Discord answers: JSON, or text, as the list of whom an invite is for; and null for none, and for anything else. */
async function told(response: ResponseLike): Promise<unknown> {
  if (/^text\//i.test(response.headers.get('Content-Type') ?? '')) return (await response.text()) || null
  const answer = await parseResponse(response)
  return answer instanceof ArrayBuffer ? null : answer
}
