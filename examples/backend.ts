import { GatewayServiceClient } from '@repo/discord-integration/clients'
import type { APIMessage } from 'discord-api-types/v10'

const { GATEWAY_PORT = '8787', GATEWAY_WS_URL = `ws://127.0.0.1:${GATEWAY_PORT}`, LINK_TOKEN = '' } = process.env
const link = new GatewayServiceClient({ url: GATEWAY_WS_URL, token: LINK_TOKEN, logger: console })
link.onMessage(async ({ type, data }) => {
  if (type === 'event') console.log(data.event)
  if (type !== 'event' || data.event !== 'MESSAGE_CREATE') return
  const { id, channel_id, content } = data.payload as APIMessage
  // The same request id is done once, however many copies of this backend see the message.
  if (content === '!ping') await link.messages.send({ channel_id, content: 'pong' }, { requestId: id })
})
link.connect()
