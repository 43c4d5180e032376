import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  commands,
  type CommandDefinition,
  type CommandName,
  type GatewayServiceV2Message,
  type Permission,
} from '@repo/discord-integration/types'
import { startSimulator } from '@repo/discord-simulator'
import {
  ChannelType,
  PermissionFlagsBits,
  PresenceUpdateStatus,
  type APIApplicationCommand,
  type APIMessage,
} from 'discord-api-types/v10'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { until } from '../../../test/lib/child.ts'
import { hashOf } from '../src/tokens/token-text.ts'
import { slashCases } from './commands/application-commands.ts'
import { bansCases } from './commands/bans.ts'
import { channelsCases } from './commands/channels.ts'
import { discordCases } from './commands/discord-api.ts'
import { emojisCases } from './commands/emojis.ts'
import { gatewayCases } from './commands/gateway.ts'
import { guildsCases } from './commands/guilds.ts'
import { interactionsCases } from './commands/interactions.ts'
import { invitesCases } from './commands/invites.ts'
import { membersCases } from './commands/members.ts'
import { messagesCases } from './commands/messages.ts'
import { presenceCases } from './commands/presence.ts'
import { reactionsCases } from './commands/reactions.ts'
import { rolesCases } from './commands/roles.ts'
import { nobody, type Answer, type Case, type Data, type Scene } from './commands/scene.ts'
import { eventsCases } from './commands/scheduled-events.ts'
import { stagesCases } from './commands/stages.ts'
import { stickersCases } from './commands/stickers.ts'
import { threadsCases } from './commands/threads.ts'
import { voiceCases } from './commands/voice.ts'
import { webhooksCases } from './commands/webhooks.ts'
import { GatewayProcess } from './gateway-process.ts'
import { Backend } from './link.ts'
import { handleOf, upload } from './uploads/upload-files.ts'

// All cases together write more in a channel than Discord lets one bot write at a time.
const simulator = await startSimulator({ seed: 'commands', rateLimits: false })
const guild = simulator.world.guilds().find(({ name }) => name === 'Tidewater Makers')
if (!guild) throw new Error('the world has no Tidewater Makers')
const dataDir = mkdtempSync(join(tmpdir(), 'commands-'))
/** That of the only token whose scopes name what no wildcard has. */
const API_TOKEN = 'that-names-discord-api'
const LINK_TOKENS_FILE = join(dataDir, 'tokens.json')
const apiEntry = { name: 'api', hash: hashOf(API_TOKEN), guilds: '*', events: [], commands: ['discord_api'] }
writeFileSync(LINK_TOKENS_FILE, JSON.stringify([apiEntry]))
let gateway: GatewayProcess
let backend: Backend

beforeAll(start)

afterAll(async () => {
  await backend[Symbol.asyncDispose]()
  await gateway.end('SIGKILL')
  await simulator.close()
  rmSync(dataDir, { recursive: true, force: true })
})

async function start(): Promise<void> {
  const { botToken: DISCORD_TOKEN, apiUrl: DISCORD_API_URL } = simulator
  gateway = new GatewayProcess({ DISCORD_TOKEN, DISCORD_API_URL, GATEWAY_DATA_DIR: dataDir, LINK_TOKENS_FILE })
  backend = await Backend.open(`ws://127.0.0.1:${await gateway.ready()}`)
  await backend.live()
}

/** The process ends as by a loss of its machine, and another takes its place. */
async function crash(): Promise<void> {
  await gateway.end('SIGKILL')
  await start()
}

let asked = 0
/** What came with the last answer. */
let heard: GatewayServiceV2Message[] = []
async function answer(command: string, payload: object, requestId = `r-${(asked += 1)}`): Promise<Answer> {
  if (command !== 'discord_api') return await answerTo(backend, command, payload, requestId)
  await using api = await Backend.open(`ws://127.0.0.1:${await gateway.port}`, { token: API_TOKEN })
  return await answerTo(api, command, payload, requestId)
}

async function answerTo(asking: Backend, command: string, payload: object, requestId: string): Promise<Answer> {
  asking.command(command, payload, requestId)
  heard = await asking.until(
    (message) => (message.type === 'ack' || message.type === 'error') && message.requestId === requestId,
  )
  return heard.at(-1) as unknown as Answer
}

const ask: Scene['ask'] = async (command, payload) => {
  const { type, data } = await answer(command, payload)
  if (type !== 'ack') throw new Error(`${command} was answered ${JSON.stringify(data)}`)
  return data
}

const rest: Scene['rest'] = async (method, path, body) => {
  const answered = await fetch(`${simulator.apiUrl}/v10${path}`, {
    method,
    headers: { Authorization: `Bot ${simulator.botToken}`, 'Content-Type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  const text = await answered.text()
  if (answered.status === 429) {
    // The cases share the bot's buckets with the gateway.
    await sleep((JSON.parse(text) as { retry_after: number }).retry_after * 1_000)
    return rest(method, path, body)
  }
  if (!answered.ok) throw new Error(`${method} ${path} was answered ${answered.status} ${text}`)
  return text === '' ? {} : (JSON.parse(text) as Data)
}

const isEvent = (event: string) => (message: GatewayServiceV2Message) =>
  message.type === 'event' && message.data.event === event
const payloadOf = (message?: GatewayServiceV2Message) =>
  (message as unknown as { data: { payload: Data } }).data.payload

const idOf = (list: readonly { id: string; name?: string | null }[], name: string) =>
  list.find((one) => one.name === name)?.id ?? ''
const channel = (name: string) => idOf(guild.channels, name)
const stateOf: Scene['stateOf'] = (userId) => guild.voice_states.find(({ user_id }) => user_id === userId)
const scene: Scene = {
  simulator,
  guild,
  botId: Buffer.from(simulator.botToken.split('.', 1)[0] ?? '', 'base64').toString(),
  answer,
  ask,
  rest,
  uploaded: async (bytes = Buffer.from('1222 °C')) => handleOf(await upload(await gateway.port, bytes)),
  async nextEvent(event) {
    const messages = await backend.until(isEvent(event))
    return payloadOf(messages.at(-1))
  },
  async eventAround(event) {
    const before = heard.find(isEvent(event))
    return before ? payloadOf(before) : await scene.nextEvent(event)
  },
  channel,
  member: (username) => guild.members.find(({ user }) => user.username === username)?.user.id ?? '',
  role: (name) => idOf(guild.roles, name),
  joined() {
    const id = simulator.world.nextId()
    const user = { id, username: `guest_${id}`, discriminator: '0', global_name: null, avatar: null }
    const joined_at = new Date().toISOString()
    const member = { user, roles: [], joined_at, deaf: false, mute: false, flags: 0 }
    simulator.dispatch('GUILD_MEMBER_ADD', { guild_id: guild.id, ...member })
    return id
  },
  roleMade: async () =>
    String((await rest('POST', `/guilds/${guild.id}/roles`, { name: 'Guest', permissions: '0' }))['id']),
  stageMade: async () =>
    String(
      (await rest('POST', `/guilds/${guild.id}/channels`, { name: 'Talk', type: ChannelType.GuildStageVoice }))['id'],
    ),
  messagesOf: (name) => simulator.world.messages.list(channel(name), { limit: 100 }),
  written: async (content) =>
    String((await ask('send_message', { channel_id: channel('build-log'), content }))['message_id']),
  threadBegun: async () =>
    String(
      (
        await rest('POST', `/channels/${channel('build-log')}/threads`, {
          name: 'Glazes',
          type: ChannelType.PublicThread,
        })
      )['id'],
    ),
  stateOf,
  voiceOf: (userId) => stateOf(userId)?.channel_id ?? null,
}
const { member, messagesOf, written, voiceOf, botId } = scene

/** One for each command of the table: one that is forgotten fails the type check. */
const cases: { [Name in CommandName]: Case<Name> } = {
  ...messagesCases(scene),
  ...reactionsCases(scene),
  ...channelsCases(scene),
  ...threadsCases(scene),
  ...membersCases(scene),
  ...bansCases(scene),
  ...voiceCases(scene),
  ...stagesCases(scene),
  ...rolesCases(scene),
  ...invitesCases(scene),
  ...eventsCases(scene),
  ...emojisCases(scene),
  ...stickersCases(scene),
  ...guildsCases(scene),
  ...interactionsCases(scene),
  ...slashCases(scene),
  ...webhooksCases(scene),
  ...presenceCases(scene),
  ...gatewayCases(scene),
  ...discordCases(scene),
}

describe.each(Object.entries(cases))('%s', (name, { payload, done, refused }: Case<never>) => {
  const { errors = [] }: CommandDefinition = commands[name as CommandName]

  it('is done, and its result is as the table says', async () => {
    const given = await payload()
    const ack = await answer(name, given)
    expect(ack).toMatchObject({ type: 'ack', data: { success: true } })
    const { data } = ack
    expect(commands[name as CommandName].result.parse(data)).toEqual(data)
    await done(data, given)
  })

  it('is refused as its entry says, and by what is wrong with a payload', () => {
    expect(Object.keys(refused).sort()).toEqual([...errors, 'INVALID_PAYLOAD'].sort())
  })

  it.each(Object.entries(refused))('is refused with %s', async (code, bad) => {
    const error = await answer(name, await bad())
    expect(error).toMatchObject({ type: 'error', data: { code } })
    if (code === 'INVALID_PAYLOAD') expect(error).toMatchObject({ data: { issues: [{ path: /^data\.payload/ }] } })
  })
})

const EVERY_PERMISSION =
  Object.values(PermissionFlagsBits).reduce((all, bit) => all | bit) & ~PermissionFlagsBits.Administrator
const bitsOf = (names: readonly Permission[]) => names.reduce((bits, name) => bits | PermissionFlagsBits[name], 0n)

/** While it lasts, the bot has these permissions and no others. */
async function permitted(permissions: bigint): Promise<AsyncDisposable> {
  const held = guild!.roles.filter(({ id, name }) => id === guild!.id || name === 'gantry')
  const give = async (roles: readonly object[]) => {
    for (const role of roles) {
      simulator.dispatch('GUILD_ROLE_UPDATE', { guild_id: guild!.id, role })
      await backend.until(isEvent('GUILD_ROLE_UPDATE'))
    }
  }
  await give(held.map((role) => ({ ...role, permissions: String(permissions) })))
  return { [Symbol.asyncDispose]: () => give(held) }
}

/** What cases take besides: what they give away, what is another way to the same, and what the route says that they name. */
const BESIDES: Partial<Record<string, readonly Permission[]>> = {
  set_channel_permission: ['AddReactions'],
  edit_member: ['BanMembers'],
  discord_api: ['SendMessages'],
}

/** How Discord passes over what the bot may not, where it refuses nothing: of a command, or when it needs more. */
const PASSED_OVER: Partial<Record<string, (data: Data) => void>> = {
  get_channel_messages: ({ messages }) => expect(messages).toEqual([]),
  get_pinned_messages: ({ pins }) => expect(pins).toMatchObject({ items: [] }),
  'edit_message with `embeds`': ({ message }) => expect(message).toMatchObject({ embeds: [] }),
  'send_message with `tts`': ({ message_id }) =>
    expect(messagesOf('build-log').find(({ id }) => id === message_id)).toMatchObject({ tts: false }),
}

describe.each(Object.entries(cases))('%s, of the bot,', (name, { payload, needing = {} }: Case<never>) => {
  const {
    permissions = [],
    permissionsIf = {},
    permissionsAllIf = {},
  }: CommandDefinition = commands[name as CommandName]
  const named = [permissionsIf, permissionsAllIf].flatMap((lists) => Object.values(lists).flat())
  const enough = bitsOf(['ViewChannel', 'Connect', ...permissions, ...named, ...(BESIDES[name] ?? [])])
  const expectDenied = (answered: Answer, when?: string) => {
    const passedOver = answered.type === 'ack' && PASSED_OVER[when === undefined ? name : `${name} ${when}`]
    if (passedOver) passedOver(answered.data)
    else expect(answered).toMatchObject({ data: { code: expect.stringMatching(/^MISSING_|WITHOUT_PERMISSION/) } })
  }

  it('takes the permissions that its entry names, and no more', async () => {
    const given = await payload()
    await using _permitted = await permitted(enough)
    expect(await answer(name, given)).toMatchObject({ type: 'ack' })
    expect(Object.keys(needing)).toEqual([permissionsIf, permissionsAllIf].flatMap(Object.keys))
  })

  for (const permission of permissions) {
    it(`takes ${permission}`, async () => {
      const given = await payload()
      await using _permitted = await permitted(EVERY_PERMISSION & ~PermissionFlagsBits[permission])
      expectDenied(await answer(name, given))
    })
  }

  for (const [when, any] of Object.entries(permissionsIf)) {
    it(`${when} takes ${any.join(' or ')}`, async () => {
      const without = EVERY_PERMISSION & ~bitsOf([...any, ...(BESIDES[name] ?? [])])
      const given = async () => (await needing[when]?.()) ?? {}
      const bad = await given()
      {
        await using _permitted = await permitted(without)
        expectDenied(await answer(name, bad), when)
      }
      for (const one of any) {
        const good = await given()
        await using _permitted = await permitted(without | PermissionFlagsBits[one])
        expect(await answer(name, good)).toMatchObject({ type: 'ack' })
      }
    })
  }

  for (const [when, all] of Object.entries(permissionsAllIf)) {
    it(`${when} takes ${all.join(' and ')}`, async () => {
      const given = (await needing[when]?.()) ?? {}
      for (const one of all) {
        await using _permitted = await permitted(EVERY_PERMISSION & ~PermissionFlagsBits[one])
        expectDenied(await answer(name, given), when)
      }
      await using _permitted = await permitted(enough)
      expect(await answer(name, given)).toMatchObject({ type: 'ack' })
    })
  }
})

/** What is refused once it is done: the entry has to say how. */
const refusedOnceDone = Object.entries<Case<never>>(cases).flatMap(([name, { payload, done }]) => {
  const { rest: asks }: CommandDefinition = commands[name as CommandName]
  const [method] = asks?.route.split(' ') ?? []
  return method === 'DELETE' || asks?.done !== undefined ? [{ name, payload, done, method }] : []
})
it.each(refusedOnceDone)(
  '$name: what Discord has done and not said so is done',
  async ({ name, payload, done, method }) => {
    const given = await payload()
    simulator.faults.inject({ kind: 'rest', method, answer: 502, acts: true, times: 1 } as never)
    const ack = await answer(name, given)
    expect(ack).toMatchObject({ type: 'ack' })
    expect(simulator.faults.active()).toEqual([])
    await done(ack.data, given)
  },
)

describe('what was read is sent back as it is:', () => {
  it('the embeds and the files of a message, whose words are taken away', async () => {
    const embed = {
      title: 'Firing',
      url: 'https://kiln.example',
      author: { name: 'Nell', icon_url: 'https://kiln.example/nell.png' },
      footer: { text: 'Cone 6', icon_url: 'https://kiln.example/cone.png' },
      image: { url: 'https://kiln.example/glaze.png' },
      thumbnail: { url: 'https://kiln.example/small.png' },
    }
    const form = new FormData()
    form.set('payload_json', JSON.stringify({ content: 'Look', embeds: [embed] }))
    form.set('files[0]', new Blob(['1222 °C'], { type: 'text/plain' }), 'curve.txt')
    const path = `/channels/${channel('general')}/messages`
    const headers = { Authorization: `Bot ${simulator.botToken}` }
    const sent = await fetch(`${simulator.apiUrl}/v10${path}`, { method: 'POST', headers, body: form })
    if (!sent.ok) throw new Error(await sent.text())
    const of = { channel_id: channel('general'), message_id: ((await sent.json()) as { id: string }).id }
    const { message: read } = (await ask('get_message', of)) as unknown as { message: APIMessage }
    expect(read.embeds[0]).toHaveProperty('type')
    expect(read.attachments[0]).toHaveProperty('proxy_url')
    const { embeds, attachments } = read
    const { message } = await ask('edit_message', { ...of, content: '', embeds, attachments })
    expect(message).toMatchObject({ content: '', embeds, attachments })
    const mistyped = await answer('edit_message', { ...of, embeds: [{ ...embeds[0], titel: 'x' }] })
    expect(mistyped).toMatchObject({ data: { issues: [{ path: 'data.payload.embeds.0.titel' }] } })
  })

  it.each([
    ['a server', 'guild_command', { guild_id: guild.id }],
    ['all servers', 'global_command', {}],
  ] as const)('the application commands of %s, and one of them', async (_whose, one, where) => {
    const which = `${one}s` as const
    const made = { name: 'kiln', description: 'Which kiln', name_localizations: { de: 'ofen' } }
    await ask(`set_${which}`, { ...where, commands: [made, { type: 2, name: 'Thank' }] })
    const whole = { ...where, with_localizations: true }
    const { commands: read } = (await ask(`list_${which}`, whole)) as unknown as { commands: APIApplicationCommand[] }
    expect(read).toMatchObject([{ application_id: scene.botId, version: expect.any(String) }, { name: 'Thank' }])
    await ask(`set_${which}`, { ...where, commands: read })
    expect(await ask(`list_${which}`, where)).toMatchObject({
      commands: read.map(({ id }) => ({ id })),
    })
    const mistyped = await answer(`set_${which}`, { ...where, commands: [{ ...read[0], descripton: 'x' }] })
    expect(mistyped).toMatchObject({ data: { issues: [{ path: 'data.payload.commands.0.descripton' }] } })

    const [first] = read as [APIApplicationCommand]
    const again = { ...first, ...where }
    const { command: madeAgain } = await ask(`create_${one}`, again)
    expect(madeAgain).toMatchObject({ id: first.id, name_localizations: { de: 'ofen' } })
    const changed = { ...again, command_id: first.id, description: 'Which of the kilns' }
    expect(await ask(`edit_${one}`, changed)).toMatchObject({
      command: { id: first.id, description: changed.description },
    })
    expect(await answer(`edit_${one}`, { ...changed, descripton: 'x' })).toMatchObject({
      data: { issues: [{ path: 'data.payload.descripton' }] },
    })
  })
})

it('what is asked of voice before the answer to what went before is done too, in that order', async () => {
  const to = (name: string | null) => ({ guild_id: guild.id, channel_id: name && channel(name) })
  await answer('update_voice_state', to(null))
  for (let round = 0; round < 5; round++) {
    backend.command('update_voice_state', to('Loft'), `there ${round}`)
    expect(await answer('update_voice_state', to(null), `back ${round}`)).toMatchObject({ type: 'ack' })
    expect(voiceOf(botId)).toBeNull()
  }
})

it('members have come before it is said that they all have, to each who asked by one id', async () => {
  await using other = await Backend.open(`ws://127.0.0.1:${await gateway.port}`)
  await other.live()
  const payload = { guild_id: guild.id, user_ids: [member('brackish'), nobody] }
  const isAnswer = (message: { type: string; requestId?: unknown }) =>
    message.requestId === 'members' && message.type !== 'event'
  for (const one of [backend, other]) one.command('request_members', payload, 'members')
  const nonces = new Set<unknown>()
  for (const one of [backend, other]) {
    const messages = await one.until(isAnswer)
    const ack = messages.at(-1) as unknown as { type: string; data: { nonce: string; chunk_count: number } }
    expect(ack).toMatchObject({ type: 'ack', data: { chunk_count: 1 } })
    const chunks = messages.filter((each) => each.type === 'event' && each.data.event === 'GUILD_MEMBERS_CHUNK')
    expect(chunks).toMatchObject([{ data: { payload: { nonce: ack.data.nonce } } }])
    nonces.add(ack.data.nonce)
  }
  expect(nonces.size).toBe(2)
})

it('what Discord’s limit refuses of members is said at once, and holds up nothing else of the server', async () => {
  const all = { guild_id: guild.id, query: '' }
  await answer('request_members', all)
  const refused = await answer('request_members', all)
  expect(refused).toMatchObject({ type: 'error', data: { code: 'RATE_LIMITED', retryAfter: expect.any(Number) } })
})

it('without a session nothing is said of voice: what is known may not be so any more', async () => {
  const loft = { guild_id: guild.id, channel_id: channel('Loft') }
  expect(await answer('update_voice_state', loft)).toMatchObject({ type: 'ack' })
  const outage = simulator.faults.inject({ kind: 'outage', for_ms: 60_000 })
  await until('it to be known', async () => {
    const status = (await answer('get_status', {})) as unknown as { data: { shards: { state: string }[] } }
    return status.data.shards[0]?.state === 'reconnecting'
  })
  expect(await answer('update_voice_state', loft)).toMatchObject({
    type: 'error',
    data: { code: 'DISCORD_UNAVAILABLE' },
  })
  simulator.faults.lift(outage.id)
  await gateway.ready()
  expect(await answer('update_voice_state', loft)).toMatchObject({ type: 'ack' })
})

it('discord_api has a file of its backend for a part of a form: for whom an invite is', async () => {
  const { invite } = await ask('create_invite', { channel_id: channel('general'), unique: true })
  const authorization = `Bearer ${API_TOKEN}`
  const given = await upload(await gateway.port, `user_id\n${member('pikelet')}\n`, { authorization })
  const path = `/invites/${String(invite.code)}/target-users`
  const form = { target_users_file: { upload: handleOf(given) } }
  await ask('discord_api', { method: 'PUT', path, form })
  const { body } = await ask('discord_api', { method: 'GET', path })
  expect(body).toBe(`user_id\n${member('pikelet')}\n`)
  const wrong = handleOf(await upload(await gateway.port, 'user_id\npikelet\n', { authorization }))
  expect(
    await answer('discord_api', { method: 'PUT', path, form: { target_users_file: { upload: wrong } } }),
  ).toMatchObject({
    data: { issues: [{ path: 'data.payload.form.target_users_file', message: expect.stringMatching(/^Line 2: /) }] },
  })
  const foreign = { target_users_file: { upload: await scene.uploaded(Buffer.from('1')) } }
  expect(await answer('discord_api', { method: 'PUT', path, form: foreign })).toMatchObject({
    data: { code: 'UNKNOWN_UPLOAD' },
  })
})

it('a secret that Discord gave for one place is in no line of the log, no figure and no error', async () => {
  const { token, id } = await rest('POST', `/channels/${channel('build-log')}/webhooks`, { name: 'Secret' })
  const hook = { webhook_id: String(id), webhook_token: String(token) }
  const interaction = { interaction_id: nobody, interaction_token: 'secret-of-an-interaction' }
  const answers = [
    await answer('execute_webhook', { ...hook, content: 'x' }),
    await answer('delete_webhook_message', { ...hook, message_id: nobody }),
    await answer('execute_webhook', { ...hook, webhook_token: `${String(token)}/..`, content: 'x' }),
    await answer('defer_interaction', interaction),
    await answer('discord_api', { method: 'GET', path: `/webhooks/${hook.webhook_id}/${hook.webhook_token}/x` }),
  ]
  const route = '/webhooks/:webhook_id/:webhook_token'
  simulator.faults.inject({ kind: 'rest', method: 'POST', route, answer: 500, times: 1 })
  answers.push(await answer('execute_webhook', { ...hook, content: 'x' }, 'the-last-of-them'))
  expect(answers.map(({ type, data }) => (type === 'ack' ? type : data['code']))).toEqual([
    'ack',
    'UNKNOWN_MESSAGE',
    'INVALID_PAYLOAD',
    'UNKNOWN_INTERACTION',
    'GENERAL_ERROR',
    'OUTCOME_UNKNOWN',
  ])
  await until('its line', () => gateway.output.includes('the-last-of-them'))
  const figures = await (await fetch(`http://127.0.0.1:${await gateway.port}/metrics`)).text()
  expect(figures).toContain('execute_webhook')
  for (const secret of [hook.webhook_token, interaction.interaction_token]) {
    expect(`${gateway.output} ${figures} ${JSON.stringify(answers)}`).not.toContain(secret)
  }
})

it.each([
  ['a session that is lost', async () => void simulator.faults.inject({ kind: 'invalidate' })],
  ['a restart', crash],
])('how the bot is shown stays so over %s', async (_what, end) => {
  const shown = () => guild.presences.find(({ user }) => user.id === botId)
  const isShown = () =>
    shown()?.status === PresenceUpdateStatus.DoNotDisturb && shown()?.activities?.[0]?.name === 'to the night shift'
  const activities = [{ name: 'to the night shift', type: 2 }]
  expect(await answer('update_presence', { status: 'dnd', activities })).toMatchObject({ type: 'ack' })
  await until('it to be shown', isShown)
  const online = { user: { id: botId }, guild_id: guild.id, status: 'online', activities: [], client_status: {} }
  simulator.dispatch('PRESENCE_UPDATE', online)
  expect(isShown()).toBe(false)
  await end()
  await until('it to be shown again', isShown)
  await gateway.ready()
})

describe('over kill -9 of the gateway', () => {
  const restAnswers = (fault: object) =>
    simulator.faults.inject({ kind: 'rest', answer: 'hang', times: 1, ...fault } as never)
  const count = (content: string) => messagesOf('build-log').filter((message) => message.content === content).length

  it('what was answered is answered again, and not done', async () => {
    const payload = { channel_id: channel('build-log'), content: 'answered, then killed' }
    const before = await answer('send_message', payload, 'answered')
    await crash()
    expect(await answer('send_message', payload, 'answered')).toMatchObject({
      type: 'ack',
      data: (before as { data?: unknown }).data,
    })
    expect(count(payload.content)).toBe(1)
    expect(await answer('send_message', { ...payload, content: 'other' }, 'answered')).toMatchObject({
      type: 'error',
      data: { code: 'INVALID_MESSAGE', issues: [{ path: 'requestId' }] },
    })
  })

  it('what was begun and Discord has not acted on is done, once', async () => {
    restAnswers({ method: 'POST', route: '/channels/:channel_id/messages' })
    const payload = { channel_id: channel('build-log'), content: 'begun, then killed' }
    backend.command('send_message', payload, 'begun')
    await until('the fault to have met it', () => simulator.faults.active().length === 0)
    await crash()
    expect(await answer('send_message', payload, 'begun')).toMatchObject({ type: 'ack' })
    expect(count(payload.content)).toBe(1)
  })

  it('what Discord has done and not answered is answered with what it did', async () => {
    restAnswers({ method: 'POST', route: '/channels/:channel_id/messages', acts: true })
    const payload = { channel_id: channel('build-log'), content: 'done, then killed' }
    backend.command('send_message', payload, 'done')
    const id = await until(
      'the message',
      () => messagesOf('build-log').find((one) => one.content === payload.content)?.id,
    )
    await crash()
    expect(await answer('send_message', payload, 'done')).toMatchObject({ type: 'ack', data: { message_id: id } })
    expect(count(payload.content)).toBe(1)
  })

  it('what was under way has its line of audit at the next start, once', async () => {
    restAnswers({ method: 'POST', route: '/channels/:channel_id/messages', acts: true })
    const payload = { channel_id: channel('build-log'), content: 'nobody asks for this one again' }
    const from = Date.now()
    backend.command('send_message', payload, 'never-heard-of')
    await until('the message', () => count(payload.content) === 1)
    const lines = () => gateway.output.split('\n').filter((line) => line.includes('never-heard-of'))
    await crash()
    // It is ready, and what it has said may still be on its way here.
    await until('its line', () => lines().length > 0)
    const [line, ...more] = lines().map((text) => JSON.parse(text) as Record<string, unknown>)
    expect(line).toMatchObject({
      audit: true,
      backend: 'token 1',
      command: 'send_message',
      guild: guild.id,
      channel: payload.channel_id,
      outcome: 'OUTCOME_UNKNOWN',
    })
    expect(Date.parse(String(line?.['begun']))).toBeGreaterThanOrEqual(from)
    expect(more).toEqual([])
    expect(gateway.output).not.toContain(payload.content)
    await crash()
    expect(lines()).toEqual([])
  })

  it('a deletion that Discord has done and not answered is done, and not unknown', async () => {
    const message_id = await written('deleted, then killed')
    restAnswers({ method: 'DELETE', route: '/channels/:channel_id/messages/:message_id', acts: true })
    const payload = { channel_id: channel('build-log'), message_id }
    backend.command('delete_message', payload, 'deleted')
    await until('it to be gone', () => count('deleted, then killed') === 0)
    await crash()
    expect(await answer('delete_message', payload, 'deleted')).toMatchObject({ type: 'ack' })
  })

  it('a backend that was killed asks again over another connection and gets the same answer', async () => {
    const payload = { channel_id: channel('build-log'), content: 'the backend is killed' }
    backend.command('send_message', payload, 'its-own')
    await until('the message', () => count(payload.content) === 1)
    await backend[Symbol.asyncDispose]()
    backend = await Backend.open(`ws://127.0.0.1:${await gateway.port}`)
    await backend.live()
    expect(await answer('send_message', payload, 'its-own')).toMatchObject({ type: 'ack' })
    expect(count(payload.content)).toBe(1)
  })
})
