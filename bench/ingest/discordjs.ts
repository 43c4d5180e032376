import { REST } from '@discordjs/rest'
import { WebSocketManager, WebSocketShardEvents } from '@discordjs/ws'
import type { GatewayIntentBits } from 'discord-api-types/v10'
import { setupOf } from '../lib/party.ts'
import type { Where } from './simulator.ts'
import { INTENTS, tally } from './tally.ts'

/* @discordjs/ws as it comes, told nothing but where Discord is. It keeps nothing. */

const { apiUrl, token } = setupOf() as Where
const rest = new REST({ version: '10', api: apiUrl, retries: 0 }).setToken(token)
const manager = new WebSocketManager({
  token,
  intents: INTENTS as GatewayIntentBits,
  rest,
  compression: null,
})
const taken = tally(() => manager.destroy())
manager.on(WebSocketShardEvents.Dispatch, ({ t }) => taken(t))
await manager.connect()
