import { GatewayServiceClient } from '@repo/discord-integration/clients'
import type { APIMessage } from 'discord-api-types/v10'

const { GATEWAY_PORT = '8787', GATEWAY_WS_URL = `ws://127.0.0.1:${GATEWAY_PORT}`, LINK_TOKEN = '' } = process.env
const link = new GatewayServiceClient({ url: GATEWAY_WS_URL, token: LINK_TOKEN })

link.onStatus(({ state, detail }) => detail && console.error(`${state}: ${detail}`))

link.onMessage((message) => {
  if (message.type === 'sync') return console.log('sync', message.data.state)
  console.log(message.id ?? 'snapshot', message.data.event)
  if (message.data.event !== 'MESSAGE_CREATE') return
  const { channel_id, content } = message.data.payload as APIMessage
  // The same request id is done once, however many copies of this backend see the message.
  const requestId = `${message.id}:pong`
  if (content === '!ping') {
    link.sendCommand('send_message', { channel_id, content: 'pong' }, { requestId }).catch(console.error)
  }
})
link.connect()
