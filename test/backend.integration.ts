import { DiscordGatewayClient } from '@repo/discord-integration/clients'
import type { APIMessage } from 'discord-api-types/v10'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { WebSocket } from 'ws'
import { example as authenticate } from './seed-examples/authentication.ts'
import { example as receive } from './seed-examples/backend-receiving.ts'
import { example as send } from './seed-examples/backend-sending.ts'
import { example as broadcast } from './seed-examples/gateway-broadcasting.ts'
import { example as narrow } from './seed-examples/type-guards.ts'
import { example as validate } from './seed-examples/zod-validation.ts'
import { Child, until } from './lib/child.ts'
import { startStack, type Stack } from './lib/stack.ts'

// What others write against the link, as they write it: the seed's examples, and the README's.

let stack: Stack

beforeAll(async () => {
  stack = await startStack()
})

afterAll(async () => {
  await stack[Symbol.asyncDispose]()
})

function channelNamed(name: string): { guildId: string; channelId: string } {
  for (const guild of stack.simulator.world.guilds()) {
    for (const channel of guild.channels) {
      if (channel.name === name) return { guildId: guild.id, channelId: channel.id }
    }
  }
  throw new Error(`the world has no ${name}`)
}

async function post(channelId: string, content: string): Promise<APIMessage> {
  const response = await fetch(`${stack.simulator.apiUrl}/v10/channels/${channelId}/messages`, {
    method: 'POST',
    headers: { authorization: `Bot ${stack.simulator.botToken}`, 'content-type': 'application/json' },
    body: JSON.stringify({ content }),
  })
  return (await response.json()) as APIMessage
}

async function contents(channelId: string): Promise<string[]> {
  const response = await fetch(`${stack.simulator.apiUrl}/v10/channels/${channelId}/messages?limit=10`, {
    headers: { authorization: `Bot ${stack.simulator.botToken}` },
  })
  return ((await response.json()) as APIMessage[]).map(({ content }) => content)
}

test('the seed’s backend connects, receives events, and has its command answered', async () => {
  const { guildId, channelId } = channelNamed('build-log')
  const broadcasts: { guildId: string; event: string; payload: unknown }[] = []
  const errors = vi.spyOn(console, 'error').mockImplementation(() => {})
  const log = vi.spyOn(console, 'log').mockImplementation(() => {})

  const ws = authenticate(stack.linkUrl, stack.linkToken)
  receive(ws, { broadcastToGuild: (id, event, payload) => broadcasts.push({ guildId: id, event, payload }) }, guildId)
  await until('the guilds', () => broadcasts.some(({ event }) => event === 'GUILD_CREATE'))

  const message = await post(channelId, 'Kiln 2 is free')
  const received = await until('the message', () => broadcasts.find(({ event }) => event === 'MESSAGE_CREATE'))
  expect(received).toMatchObject({ guildId, payload: { id: message.id, content: 'Kiln 2 is free' } })

  // The channel of the seed's example does not exist in this world: Discord's refusal comes back.
  send(ws)
  await until('the refusal', () => errors.mock.calls.find(([what]) => what === 'Gateway error:'))
  expect(errors.mock.calls.at(-1)?.[1]).toMatch(/Unknown Channel/i)

  ws.send(
    JSON.stringify({
      type: 'command',
      data: { command: 'send_message', payload: { channel_id: channelId, content: 'Hello!' } },
      requestId: 'req-002',
      ts: Date.now(),
    }),
  )
  await until('the ack', () => log.mock.calls.find(([what]) => what === 'Command acknowledged:'))
  expect(log.mock.calls.at(-1)).toEqual(['Command acknowledged:', 'req-002'])
  expect(await contents(channelId)).toContain('Hello!')

  ws.close()
  errors.mockRestore()
  log.mockRestore()
})

test('the seed’s gateway broadcasts what Discord says', async () => {
  const { botToken: token, apiUrl } = stack.simulator
  const client = new DiscordGatewayClient({ token, apiUrl, intents: 1 })
  const texts: string[] = []
  broadcast(client, { broadcast: (text) => texts.push(text) })
  await client.connect()
  await until('READY', () => texts.some((text) => text.includes('"READY"')))
  await client.close()

  const log = vi.spyOn(console, 'log').mockImplementation(() => {})
  const message = validate(JSON.parse(texts[0] ?? ''))
  if (!message) throw new Error('not a message')
  narrow(message)
  expect(log.mock.calls).toEqual([['Received READY event']])
  log.mockRestore()
})

test('a wrong link token is refused before the upgrade', async () => {
  const ws = authenticate(stack.linkUrl, 'not the link token')
  const status = await new Promise((resolve) => {
    ws.on('unexpected-response', (_request, response) => resolve(response.statusCode))
  })
  expect(status).toBe(401)
  expect(ws.readyState).not.toBe(WebSocket.OPEN)
  ws.on('error', () => {})
  ws.terminate()
})

test('README’s backend answers !ping once, though two copies of it run', async () => {
  const { channelId } = channelNamed('kiln-watch')
  const env = { GATEWAY_WS_URL: stack.linkUrl, LINK_TOKEN: stack.linkToken }
  await using one = new Child(['examples/backend.ts'], env)
  await using other = new Child(['examples/backend.ts'], env)
  await Promise.all([one.line(/the link says live/), other.line(/the link says live/)])

  await post(channelId, '!ping')
  await until('the answer', async () => (await contents(channelId)).includes('pong'))
  await Promise.all(
    [one, other].map((backend) => until('both messages', () => backend.output.match(/MESSAGE_CREATE/g)?.length === 2)),
  )
  expect((await contents(channelId)).filter((content) => content === 'pong')).toHaveLength(1)
})
