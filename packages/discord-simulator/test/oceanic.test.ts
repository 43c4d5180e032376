import { once } from 'node:events'
import { Client, Intents } from 'oceanic.js'
import type { Message } from 'oceanic.js'
import { expect, test } from 'vitest'
import { startSimulator } from '../src/index.ts'

test('oceanic.js connects, sends, edits, reacts and resumes', async () => {
  await using simulator = await startSimulator()
  const client = new Client({
    auth: `Bot ${simulator.botToken}`,
    rest: { baseURL: `${simulator.apiUrl}/v10` },
    gateway: { intents: Intents.GUILDS | Intents.GUILD_MESSAGES | Intents.MESSAGE_CONTENT, compress: false },
  })
  client.on('error', () => {})
  const ready = once(client, 'ready')
  await client.connect()
  await ready
  const guild = simulator.world.guilds()[0]!
  const general = guild.channels.find(({ name }) => name === 'general')!
  const heard = once(client, 'messageCreate') as Promise<[Message]>
  const message = await client.rest.channels.createMessage(general.id, { content: 'one' })
  expect((await heard)[0]).toMatchObject({ id: message.id, content: 'one' })
  expect((await message.edit({ content: 'two' })).content).toBe('two')
  await message.createReaction('🔥')
  expect(simulator.world.messages.hasReacted(message.id, simulator.world.bot.id, { id: null, name: '🔥' })).toBe(true)
  await message.delete()
  await expect(client.rest.channels.getMessage(general.id, message.id)).rejects.toMatchObject({ code: 10008 })

  const resumed = once(client, 'shardResume')
  simulator.dropConnection(1)
  await resumed
  expect(simulator.connections().map(({ opened_by }) => opened_by)).toEqual(['identify', 'resume'])
  client.disconnect(false)
})
