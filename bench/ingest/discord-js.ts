import { Client, Events } from 'discord.js'
import { setupOf } from '../lib/party.ts'
import type { Where } from './simulator.ts'
import { INTENTS, tally } from './tally.ts'

/* discord.js as it comes, told nothing but where Discord is: it makes an object of each event and keeps what it keeps. */

const { apiUrl, token } = setupOf() as Where
const client = new Client({ intents: INTENTS, rest: { api: apiUrl, version: '10' } })
const taken = tally(() => client.destroy())
client.on(Events.MessageCreate, () => taken('MESSAGE_CREATE'))
client.on(Events.Raw, ({ t }: { t: string }) => {
  if (t === 'GUILD_CREATE') taken(t)
})
await client.login(token)
