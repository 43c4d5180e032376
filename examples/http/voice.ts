import { GatewayServiceClient } from '@repo/discord-integration/clients'
import { LinkError } from '@repo/discord-integration/types'
import type { APIVoiceState, GatewayGuildCreateDispatchData } from 'discord-api-types/v10'

const { GATEWAY_PORT = '8787', GATEWAY_WS_URL = `ws://127.0.0.1:${GATEWAY_PORT}`, LINK_TOKEN = '' } = process.env
export const PORT = Number(process.env['PORT'] ?? 4000)

type Listener = { guild_id: string; channel_id: string; user_id: string }
const listeners = new Map<string, Listener>()

function heard(guild_id: string, { channel_id, user_id }: Pick<APIVoiceState, 'channel_id' | 'user_id'>): void {
  const key = `${guild_id} ${user_id}`
  if (channel_id === null) listeners.delete(key)
  else listeners.set(key, { guild_id, channel_id, user_id })
}

function forget(guild_id: string): void {
  for (const [key, listener] of listeners) if (listener.guild_id === guild_id) listeners.delete(key)
}

/** Only what is needed here is asked for; a GUILD_CREATE says who is in voice already. */
const events = ['GUILD_CREATE', 'GUILD_DELETE', 'VOICE_STATE_UPDATE']
const link = new GatewayServiceClient({ url: GATEWAY_WS_URL, token: LINK_TOKEN, events, logger: console })
link.onMessage(({ type, data }) => {
  // What follows a snapshot says how things are; what was known before may be over.
  if (type === 'sync' && data.state === 'snapshot') listeners.clear()
  if (type !== 'event') return
  if (data.event === 'VOICE_STATE_UPDATE') {
    const { guild_id, ...state } = data.payload as APIVoiceState
    if (guild_id !== undefined) heard(guild_id, state)
  } else {
    const { id, voice_states = [] } = data.payload as Partial<GatewayGuildCreateDispatchData> & { id: string }
    forget(id)
    for (const state of voice_states) heard(id, state)
  }
})
link.connect()

/** Who is in voice, in all servers. */
export const whoIsInVoice = (): Listener[] => [...listeners.values()]

/** Says `content` in `channel_id`, and what to answer to who asked for it: the gateway checks what they wrote. */
export async function say(message: unknown): Promise<{ status: number; body: object }> {
  try {
    return { status: 201, body: await link.messages.send(message as Parameters<typeof link.messages.send>[0]) }
  } catch (error) {
    if (!(error instanceof LinkError)) throw error
    const { code, message: why } = error
    return { status: code === 'INVALID_PAYLOAD' ? 400 : 502, body: { code, message: why } }
  }
}
