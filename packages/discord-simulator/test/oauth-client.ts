import { DEFAULT_CLIENT_SECRET } from '../src/index.ts'
import type { Simulator } from '../src/index.ts'

export const REDIRECT = 'http://127.0.0.1:3000/callback'

export const authorizeUrl = (simulator: Simulator, fields: Record<string, string>) => {
  const scope = 'identify guilds guilds.members.read'
  const asked = { response_type: 'code', client_id: simulator.world.bot.id, redirect_uri: REDIRECT, scope, ...fields }
  return `${simulator.url}/oauth2/authorize?${new URLSearchParams(asked).toString()}`
}

/** Where somebody is sent who says at once who they are. */
export async function sentTo(simulator: Simulator, fields: Record<string, string>): Promise<URL> {
  const response = await fetch(authorizeUrl(simulator, fields), { redirect: 'manual' })
  return new URL(response.headers.get('location') ?? `http://none/${response.status}`)
}

export async function exchange(simulator: Simulator, fields: Record<string, string>, path = '/oauth2/token') {
  const client = { client_id: simulator.world.bot.id, client_secret: DEFAULT_CLIENT_SECRET }
  const body = new URLSearchParams({ ...client, redirect_uri: REDIRECT, ...fields })
  const response = await fetch(`${simulator.apiUrl}${path}`, { method: 'POST', body })
  return { status: response.status, body: (await response.json()) as Record<string, string> }
}

/** An access token of somebody's. */
export async function tokenOf(simulator: Simulator, login_hint: string, scope?: string): Promise<string> {
  const code =
    (await sentTo(simulator, { login_hint, ...(scope !== undefined && { scope }) })).searchParams.get('code') ?? ''
  return (await exchange(simulator, { grant_type: 'authorization_code', code })).body['access_token'] ?? ''
}
