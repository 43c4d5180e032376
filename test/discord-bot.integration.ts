import { DEFAULT_BOT_TOKEN, PEOPLE } from '@repo/discord-simulator'
import type { Guild } from '@repo/discord-simulator'
import type { APIMessage } from 'discord-api-types/v10'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Child, until } from './lib/child.ts'
import { freePort } from './lib/free-port.ts'

// examples/discord-bot.ts and the simulator, as `npm run example:bot` and `npm run simulator` start them.

let port: number
let simulator: Child
let bot: Child
let guild: Guild

const control = async (method: string, path: string, body?: object): Promise<Response> => {
  const response = await fetch(`http://127.0.0.1:${port}/_simulator${path}`, {
    method,
    ...(body && { body: JSON.stringify(body) }),
  })
  expect(response.ok).toBe(true)
  return response
}

const channelId = (name: string): string => guild.channels.find((channel) => channel.name === name)?.id ?? ''

async function messages(name: string): Promise<APIMessage[]> {
  const response = await fetch(`http://127.0.0.1:${port}/api/v10/channels/${channelId(name)}/messages?limit=5`, {
    headers: { authorization: `Bot ${DEFAULT_BOT_TOKEN}` },
  })
  return (await response.json()) as APIMessage[]
}

/** Somebody writes, at a moment of their own: a message's id says when it was written. */
async function say(content: string): Promise<string> {
  const id = String((BigInt(Date.now()) - 1_420_070_400_000n) << 22n)
  const place = { id, guild_id: guild.id, channel_id: channelId('kiln-watch'), type: 0 }
  const payload = { ...place, content, author: PEOPLE.pikelet, timestamp: new Date().toISOString(), mentions: [] }
  await control('POST', '/dispatch', { event: 'MESSAGE_CREATE', payload })
  return id
}

const answerTo = (id: string) =>
  until(`an answer to ${id}`, async () =>
    (await messages('kiln-watch')).find(({ message_reference }) => message_reference?.message_id === id),
  )

beforeAll(async () => {
  port = await freePort()
  const env = { SIMULATOR_PORT: String(port), DISCORD_TOKEN: undefined }
  simulator = new Child(['scripts/run.js', 'packages/discord-simulator/src/main.ts'], env)
  await simulator.line(/^ready/)
  bot = new Child(['scripts/run.js', 'examples/discord-bot.ts'], env)
  await bot.line(/^ready: gantry in 2 servers/)
  const { guilds } = (await (await control('GET', '/world')).json()) as { guilds: Guild[] }
  guild = guilds.find(({ name }) => name === 'Tidewater Makers') as Guild
})

afterAll(async () => {
  await bot[Symbol.asyncDispose]()
  await simulator[Symbol.asyncDispose]()
})

test('somebody runs the command that the bot has registered, and is answered', async () => {
  const place = { user_id: PEOPLE.pikelet.id, channel_id: channelId('general') }
  await control('POST', '/interactions', { ...place, command: 'fire' })
  await bot.line(/^answered \/fire of pikelet/)
  expect((await messages('general'))[0]).toMatchObject({
    content: 'pikelet lit the kiln',
    interaction_metadata: { user: { id: PEOPLE.pikelet.id } },
  })
})

test('!ping is answered, before a drop and after it, and also what was said meanwhile', async () => {
  expect(await answerTo(await say('!ping'))).toMatchObject({ content: 'pong', author: { username: 'gantry' } })
  await control('POST', '/connections/1/drop')
  expect((await answerTo(await say('!ping'))).content).toBe('pong')
  await bot.line(/^resumed, [1-9]/)
  expect((await answerTo(await say('!ping'))).content).toBe('pong')
})

test('Ctrl-C takes it off the gateway, and it ends', async () => {
  bot.kill('SIGINT')
  expect(await bot.exited).toEqual({ code: 0, signal: null })
  const connections = (await (await control('GET', '/connections')).json()) as { close_code: number | null }[]
  expect(connections.at(-1)).toMatchObject({ close_code: 1000, closed_by: 'client' })
})

test('a bot that cannot log in says where and why in one line, and ends', async () => {
  const api = `http://127.0.0.1:${port}/api`
  const env = { DISCORD_TOKEN: 'not.the.token', DISCORD_API_URL: api }
  await using refused = new Child(['scripts/run.js', 'examples/discord-bot.ts'], env)
  expect(await refused.exited).toEqual({ code: 1, signal: null })
  expect(refused.lines).toEqual([expect.stringMatching(new RegExp(`^cannot log in at ${api}: `))])
})
