import { once } from 'node:events'
import { Client, Events, GatewayIntentBits } from 'discord.js'
import type { ClientOptions, TextChannel } from 'discord.js'
import { startSimulator } from '../src/index.ts'

/** discord.js as it comes from npm, told nothing but where Discord is. */
export async function connected(options: Partial<ClientOptions> = {}) {
  const simulator = await startSimulator()
  const client = new Client({
    intents: [
      GatewayIntentBits.Guilds,
      GatewayIntentBits.GuildMembers,
      GatewayIntentBits.GuildMessages,
      GatewayIntentBits.GuildMessageReactions,
      GatewayIntentBits.MessageContent,
    ],
    rest: { api: simulator.apiUrl },
    ...options,
  })
  const ready = once(client, Events.ClientReady)
  await client.login(simulator.botToken)
  await ready
  const guild = client.guilds.cache.find(({ name }) => name === 'Tidewater Makers')!
  const general = guild.channels.cache.find(({ name }) => name === 'general') as TextChannel
  const close = async () => {
    await client.destroy()
    await simulator.close()
  }
  return { simulator, client, guild, general, [Symbol.asyncDispose]: close }
}
