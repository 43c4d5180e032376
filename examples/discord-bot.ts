import { DEFAULT_BOT_TOKEN } from '@repo/discord-simulator'
import { Client, Events, GatewayIntentBits } from 'discord.js'

// On Discord with a bot's token of your own, else on the simulator that `npm run simulator` starts.
const { DISCORD_TOKEN, DISCORD_API_URL, SIMULATOR_PORT = '8790' } = process.env
const discord = DISCORD_TOKEN ? 'https://discord.com/api' : `http://127.0.0.1:${SIMULATOR_PORT}/api`
const api = DISCORD_API_URL || discord

// MessageContent is privileged: on Discord, switch it on in the portal, on the application's Bot page.
const { Guilds, GuildMessages, MessageContent } = GatewayIntentBits
const client = new Client({ intents: [Guilds, GuildMessages, MessageContent], rest: { api } })

// discord.js takes listeners that return promises: what they throw is an Events.Error.
/* oxlint-disable typescript/no-misused-promises */
client.once(Events.ClientReady, async ({ application, guilds, user }) => {
  await application.commands.set([{ name: 'fire', description: 'Lights the kiln' }])
  console.log(`ready: ${user.username} in ${guilds.cache.size} servers`)
})

client.on(Events.InteractionCreate, async (interaction) => {
  if (!interaction.isChatInputCommand() || interaction.commandName !== 'fire') return
  await interaction.reply(`${interaction.user.displayName} lit the kiln`)
  console.log(`answered /fire of ${interaction.user.username}`)
})

client.on(Events.MessageCreate, async (message) => {
  if (message.author.bot || message.content !== '!ping') return
  await message.reply('pong')
  console.log(`answered !ping of ${message.author.username}`)
})

// A connection that breaks is discord.js's business. It resumes, and what was missed arrives as if nothing had been.
client.on(Events.ShardReconnecting, () => console.log('lost the gateway'))
client.on(Events.ShardResume, (_shard, replayed) => console.log(`resumed, ${replayed} events were missed`))
// Without this, whatever goes wrong in a listener, a refusal of Discord's say, would end the process.
client.on(Events.Error, console.error)

// Leaving without a word would let the bot look online for a while.
const leave = () => void client.destroy()
process.once('SIGINT', leave)
process.once('SIGTERM', leave)

await client.login(DISCORD_TOKEN || DEFAULT_BOT_TOKEN).catch((error: unknown) => {
  console.error(`cannot log in at ${api}: ${String(error)}`)
  process.exitCode = 1
  leave()
})
