import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { GatewayServiceClient } from '@repo/discord-integration/clients'
import { PEOPLE, startSimulator } from '@repo/discord-simulator'
import type { APIChatInputApplicationCommandGuildInteraction } from 'discord-api-types/v10'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { GatewayProcess } from '../apps/discord-gateway/test/gateway-process.ts'
import { onBan, registerBan, sendPicture } from '../examples/commands.ts'
import { ensurePython } from '../scripts/lib/python.ts'
import { Child, ROOT, until } from './lib/child.ts'
import { freePort } from './lib/free-port.ts'

// The HTTP backends of examples/http, each as a process of its own, beside one gateway on a simulated Discord.

/** What is started, and with what if not with Node. */
type Backend = { name: string; path: string; command?: () => string }
const BACKENDS: readonly Backend[] = [
  { name: 'plain Node', path: 'examples/http/node.ts' },
  { name: 'Hono', path: 'examples/http/hono.ts' },
  { name: 'Express', path: 'examples/http/express.ts' },
  { name: 'Next.js', path: 'test/lib/route-handlers.ts' },
  { name: 'Python', path: 'examples/http/backend.py', command: ensurePython },
]

const LINK_TOKEN = 'a-link-token-for-tests-only'
const simulator = await startSimulator({ seed: 'examples' })
const guild = simulator.world.guilds().find(({ name }) => name === 'Tidewater Makers')
if (!guild) throw new Error('the world has no Tidewater Makers')
const channel = (name: string) => guild.channels.find((one) => one.name === name)?.id ?? ''
const dataDir = mkdtempSync(join(tmpdir(), 'examples-'))
let gateway: GatewayProcess

beforeAll(async () => {
  const { botToken: DISCORD_TOKEN, apiUrl: DISCORD_API_URL } = simulator
  gateway = new GatewayProcess({ DISCORD_TOKEN, DISCORD_API_URL, GATEWAY_DATA_DIR: dataDir, LINK_TOKEN })
  await gateway.ready()
})

afterAll(async () => {
  await gateway.end('SIGKILL')
  await simulator.close()
  rmSync(dataDir, { recursive: true, force: true })
})

describe.each(BACKENDS)('the backend of $name', ({ path, command }) => {
  let backend: Child
  let url: string
  const voice = async () => (await (await fetch(`${url}/voice`)).json()) as object[]
  const say = (body: string) =>
    fetch(`${url}/say`, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
  const place = { guild_id: guild.id, user_id: PEOPLE.pikelet.id }
  const walk = (to: string | null) => simulator.people.voice({ ...place, channel_id: to && channel(to) })

  beforeAll(async () => {
    const port = await freePort()
    url = `http://127.0.0.1:${port}`
    const env = { GATEWAY_WS_URL: `ws://127.0.0.1:${await gateway.port}`, LINK_TOKEN, PORT: String(port) }
    walk('Loft')
    backend = new Child([path], env, ROOT, command?.())
    await backend.line(/^listening on/)
  })

  afterAll(() => backend[Symbol.asyncDispose]())

  test('tells who was in voice before it came, and who comes and goes', async () => {
    const inLoft = { ...place, channel_id: channel('Loft') }
    const found = await until('the snapshot', async () => {
      const all = await voice()
      return all.length > 0 && all
    })
    expect(found).toContainEqual(inLoft)
    walk(null)
    await until(
      'them to be gone',
      async () => !(await voice()).some((one) => 'user_id' in one && one.user_id === place.user_id),
    )
    walk('Loft')
    await expect.poll(voice).toContainEqual(inLoft)
  })

  test('says something, and says what the gateway makes of it', async () => {
    const content = `said by ${path}`
    const said = await say(JSON.stringify({ channel_id: channel('build-log'), content }))
    expect(said.status).toBe(201)
    const { message_id } = (await said.json()) as { message_id: string }
    const message = simulator.world.messages
      .list(channel('build-log'), { limit: 10 })
      .find(({ id }) => id === message_id)
    expect(message?.content).toBe(content)

    const wrong = await say(JSON.stringify({ channel_id: channel('build-log'), content: 7 }))
    expect([wrong.status, await wrong.json()]).toEqual([
      400,
      { code: 'INVALID_PAYLOAD', message: expect.stringContaining('content') },
    ])
    const refused = await say(JSON.stringify({ channel_id: '1', content }))
    expect([refused.status, await refused.json()]).toEqual([502, expect.objectContaining({ code: 'UNKNOWN_CHANNEL' })])
    const broken = await say('{')
    expect([broken.status, await broken.json()]).toEqual([
      400,
      { code: 'INVALID_PAYLOAD', message: expect.any(String) },
    ])
    expect((await fetch(`${url}/other`)).status).toBe(404)
  })
})

describe('examples/commands.ts', () => {
  let link: GatewayServiceClient
  const heard: APIChatInputApplicationCommandGuildInteraction[] = []

  beforeAll(async () => {
    link = new GatewayServiceClient({
      url: `ws://127.0.0.1:${await gateway.port}`,
      token: LINK_TOKEN,
      events: ['INTERACTION_CREATE'],
    })
    link.onMessage(({ type, data }) => {
      if (type === 'event') heard.push(data.payload as APIChatInputApplicationCommandGuildInteraction)
    })
    link.connect()
    await until('the link', () => link.status.state === 'live')
  })

  afterAll(() => link.close())

  test('sends a picture', async () => {
    await sendPicture(link, channel('general'))
    const messages = simulator.world.messages.list(channel('general'), { limit: 10 })
    expect(messages.find(({ content }) => content === 'Look!')).toMatchObject({
      attachments: [{ filename: 'page.png', description: 'The page' }],
    })
  })

  test('bans whom /ban names, and says so to who used it alone', async () => {
    await registerBan(link, guild.id)
    await registerBan(link, guild.id)
    const { id } = simulator.interact({
      user_id: guild.owner_id,
      channel_id: channel('build-log'),
      command: 'ban',
      options: [{ name: 'who', value: PEOPLE.pikelet.id }],
    })
    const interaction = await until('the interaction', () => heard.find((one) => one.id === id))
    await onBan(link, interaction)
    const { ban } = await link.bans.get({ guild_id: guild.id, user_id: PEOPLE.pikelet.id })
    expect(ban.reason).toContain('by /ban')
    expect(simulator.interaction(id)).toMatchObject({ messages: [{ content: 'Banned.', flags: 64 }] })
  })
})
