import { parseResponse } from '@discordjs/rest'
import type { Handler } from './handler.ts'
import { bearsToken, METHODS, queryOf, reasonOf } from './rest-handler.ts'

/** Whatever the payload says, under the limits that all commands are under. */
export const anyEndpoint: Handler<'discord_api'> = async (input, { discord, nonce: _nonce, actor, ...call }) => {
  const { method, path, body } = input
  const query = queryOf(Object.entries(input.query ?? {}))
  const reason = reasonOf(input.reason, actor)
  const fullRoute = path as `/${string}`
  // https://docs.discord.com/developers/topics/rate-limits#global-rate-limit: interactions are not bound by it.
  const urgent = path.startsWith('/interactions/')
  const request = {
    method: METHODS[method],
    fullRoute,
    ...(bearsToken(path) && { auth: false }),
    ...(query && { query }),
    ...(body !== undefined && { body }),
    ...(reason !== undefined && { reason }),
  }
  return await discord.call({ ...call, urgent }, async (rest, signal) => {
    const response = await rest.queueRequest({ ...request, signal })
    const answer = await parseResponse(response)
    return { success: true, status: response.status, body: answer instanceof ArrayBuffer ? null : answer }
  })
}
