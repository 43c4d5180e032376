import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { commands, type CommandName, type CommandPayload } from '@repo/discord-integration/types'
import { startSimulator, type Guild, type Simulator } from '@repo/discord-simulator'
import { ChannelType, PermissionFlagsBits } from 'discord-api-types/v10'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { until } from '../../../test/lib/child.ts'
import { GatewayProcess } from './gateway-process.ts'
import { Backend } from './link.ts'

let simulator: Simulator
let dataDir: string
let gateway: GatewayProcess
let backend: Backend
let guild: Guild

beforeAll(async () => {
  simulator = await startSimulator({ seed: 'commands' })
  dataDir = mkdtempSync(join(tmpdir(), 'commands-'))
  guild = simulator.world.guilds().find(({ name }) => name === 'Tidewater Makers') as Guild
  await start()
})

afterAll(async () => {
  await backend[Symbol.asyncDispose]()
  await gateway.end('SIGKILL')
  await simulator.close()
  rmSync(dataDir, { recursive: true, force: true })
})

async function start(): Promise<void> {
  const { botToken: DISCORD_TOKEN, apiUrl: DISCORD_API_URL } = simulator
  gateway = new GatewayProcess({ DISCORD_TOKEN, DISCORD_API_URL, GATEWAY_DATA_DIR: dataDir })
  backend = await Backend.open(`ws://127.0.0.1:${await gateway.ready()}`)
  await backend.live()
}

/** The process ends as by a loss of its machine, and another takes its place. */
async function crash(): Promise<void> {
  await gateway.end('SIGKILL')
  await start()
}

let asked = 0
async function answer(command: string, payload: object, requestId = `r-${(asked += 1)}`) {
  backend.command(command, payload, requestId)
  const messages = await backend.until(
    (message) => (message.type === 'ack' || message.type === 'error') && message.requestId === requestId,
  )
  return { ...messages.at(-1), before: messages.slice(0, -1) }
}

const channel = (name: string) => guild.channels.find((one) => one.name === name)?.id ?? ''
const member = (username: string) => guild.members.find(({ user }) => user.username === username)?.user.id ?? ''
/** A thread that the bot begins, and so is in. */
const threadBegun = async () => {
  const begun = await fetch(`${simulator.apiUrl}/v10/channels/${channel('build-log')}/threads`, {
    method: 'POST',
    headers: { Authorization: `Bot ${simulator.botToken}`, 'Content-Type': 'application/json' },
    body: JSON.stringify({ name: 'Glazes', type: ChannelType.PublicThread }),
  })
  return ((await begun.json()) as { id: string }).id
}
const messagesOf = (name: string) => simulator.world.messages.list(channel(name), { limit: 100 })
const written = async (content: string) => {
  const sent = await answer('send_message', { channel_id: channel('build-log'), content })
  return (sent as unknown as { data: { message_id: string } }).data.message_id
}

type Case<Name extends CommandName> = {
  payload: () => Promise<CommandPayload<Name>> | CommandPayload<Name>
  /** What the ack says, and what is so at Discord then. */
  done: (data: Record<string, unknown>, payload: CommandPayload<Name>) => void
  /** What Discord, or we, refuse of it, by the code that is answered. */
  refused: Readonly<Record<string, () => object | Promise<object>>>
}

const nobody = '1'
const unknownChannel = () => ({ channel_id: nobody, message_id: nobody })

/** One for each command of the table: one that is forgotten fails the type check. */
const cases: { [Name in CommandName]: Case<Name> } = {
  send_message: {
    payload: () => ({ channel_id: channel('build-log'), content: 'Cone 6' }),
    done: ({ message_id }) =>
      expect(messagesOf('build-log').find(({ id }) => id === message_id)?.content).toBe('Cone 6'),
    refused: {
      UNKNOWN_CHANNEL: () => ({ channel_id: nobody, content: 'x' }),
      MISSING_PERMISSIONS: () => ({ channel_id: channel('announcements'), content: 'x' }),
      INVALID_PAYLOAD: () => ({ channel_id: channel('build-log') }),
    },
  },
  edit_message: {
    payload: async () => ({ channel_id: channel('build-log'), message_id: await written('first'), content: 'second' }),
    done: ({ message }, { message_id }) => {
      expect(message).toMatchObject({ id: message_id, content: 'second' })
      expect(messagesOf('build-log').find(({ id }) => id === message_id)?.content).toBe('second')
    },
    refused: {
      UNKNOWN_MESSAGE: () => ({ channel_id: channel('build-log'), message_id: nobody, content: 'x' }),
      UNKNOWN_CHANNEL: () => ({ ...unknownChannel(), content: 'x' }),
      INVALID_PAYLOAD: () => ({ ...unknownChannel(), content: '' }),
    },
  },
  delete_message: {
    payload: async () => ({
      channel_id: channel('build-log'),
      message_id: await written('gone soon'),
      reason: 'a test',
    }),
    done: (_data, { message_id }) => expect(messagesOf('build-log').some(({ id }) => id === message_id)).toBe(false),
    refused: {
      UNKNOWN_MESSAGE: () => ({ channel_id: channel('build-log'), message_id: nobody }),
      INVALID_PAYLOAD: () => ({ ...unknownChannel(), reason: '' }),
    },
  },
  add_reaction: {
    payload: async () => ({ channel_id: channel('build-log'), message_id: await written('nice'), emoji: '🔥' }),
    done: (_data, { message_id }) => {
      const message = messagesOf('build-log').find(({ id }) => id === message_id)
      expect(message?.reactions).toMatchObject([{ emoji: { name: '🔥' }, count: 1, me: true }])
    },
    refused: {
      UNKNOWN_MESSAGE: () => ({ channel_id: channel('build-log'), message_id: nobody, emoji: '🔥' }),
      UNKNOWN_EMOJI: () => ({
        channel_id: channel('build-log'),
        message_id: messagesOf('build-log')[0]?.id,
        emoji: 'x',
      }),
      INVALID_PAYLOAD: () => ({ ...unknownChannel(), emoji: '../..' }),
    },
  },
  remove_reaction: {
    payload: async () => {
      const payload = { channel_id: channel('build-log'), message_id: await written('less nice'), emoji: '🔥' }
      await answer('add_reaction', payload)
      return payload
    },
    done: (_data, { message_id }) =>
      expect(messagesOf('build-log').find(({ id }) => id === message_id)?.reactions ?? []).toEqual([]),
    refused: {
      UNKNOWN_MESSAGE: () => ({ channel_id: channel('build-log'), message_id: nobody, emoji: '🔥' }),
      UNKNOWN_EMOJI: async () => ({
        channel_id: channel('build-log'),
        message_id: await written('never liked'),
        emoji: '🔥',
      }),
      INVALID_PAYLOAD: () => ({ ...unknownChannel(), emoji: '../..' }),
    },
  },
  get_channel_messages: {
    payload: () => ({ channel_id: channel('build-log'), limit: 2 }),
    done: ({ messages }) => expect(messages).toHaveLength(2),
    refused: {
      UNKNOWN_CHANNEL: () => ({ channel_id: nobody }),
      INVALID_PAYLOAD: () => ({ channel_id: channel('build-log'), before: '1', after: '1' }),
    },
  },
  get_member: {
    payload: () => ({ guild_id: guild.id, user_id: member('brackish') }),
    done: ({ member: read }, { user_id }) => {
      const { roles } = guild.members.find(({ user }) => user.id === user_id) ?? {}
      expect(read).toMatchObject({ user: { id: user_id }, roles })
    },
    refused: {
      UNKNOWN_USER: () => ({ guild_id: guild.id, user_id: nobody }),
      INVALID_PAYLOAD: () => ({ guild_id: guild.id, user_id: 'brackish' }),
    },
  },
  get_thread_member: {
    payload: async () => ({ channel_id: await threadBegun(), user_id: botId() }),
    done: ({ member: read }, { channel_id, user_id }) => expect(read).toMatchObject({ id: channel_id, user_id }),
    refused: {
      UNKNOWN_CHANNEL: () => ({ channel_id: nobody, user_id: nobody }),
      INVALID_PAYLOAD: () => ({ channel_id: nobody }),
    },
  },
  move_member: {
    payload: () => ({ guild_id: guild.id, user_id: member('brackish'), channel_id: channel('Loft') }),
    done: ({ member: moved }, { user_id }) => {
      expect(moved).toMatchObject({ user: { id: user_id } })
      expect(voiceOf(user_id)).toBe(channel('Loft'))
    },
    refused: {
      TARGET_USER_IS_NOT_CONNECTED_TO_VOICE: () => ({
        guild_id: guild.id,
        user_id: member('umberfox'),
        channel_id: channel('Loft'),
      }),
      UNKNOWN_USER: () => ({ guild_id: guild.id, user_id: nobody, channel_id: null }),
      INVALID_PAYLOAD: () => ({ guild_id: guild.id, user_id: member('brackish') }),
    },
  },
  mute_member: {
    payload: () => ({ guild_id: guild.id, user_id: member('pikelet'), mute: true, reason: 'a test' }),
    done: ({ member: muted }, { user_id }) => {
      expect(muted).toMatchObject({ user: { id: user_id }, mute: true })
      expect(stateOf(user_id)).toMatchObject({ mute: true })
    },
    refused: {
      TARGET_USER_IS_NOT_CONNECTED_TO_VOICE: () => ({ guild_id: guild.id, user_id: member('umberfox'), mute: true }),
      UNKNOWN_USER: () => ({ guild_id: guild.id, user_id: nobody, mute: true }),
      INVALID_PAYLOAD: () => ({ guild_id: guild.id, user_id: member('pikelet'), mute: 'yes' }),
    },
  },
  deafen_member: {
    payload: () => ({ guild_id: guild.id, user_id: member('pikelet'), deaf: true }),
    done: ({ member: deafened }, { user_id }) => {
      expect(deafened).toMatchObject({ user: { id: user_id }, deaf: true })
      expect(stateOf(user_id)).toMatchObject({ deaf: true })
    },
    refused: {
      TARGET_USER_IS_NOT_CONNECTED_TO_VOICE: () => ({ guild_id: guild.id, user_id: member('umberfox'), deaf: true }),
      INVALID_PAYLOAD: () => ({ guild_id: guild.id, user_id: member('pikelet') }),
    },
  },
  timeout_member: {
    payload: () => ({
      guild_id: guild.id,
      user_id: member('halfpenny'),
      communication_disabled_until: new Date(Date.now() + 60_000).toISOString(),
    }),
    done: ({ member: silenced }, { communication_disabled_until: end }) =>
      expect(
        Date.parse(String((silenced as { communication_disabled_until: unknown }).communication_disabled_until)),
      ).toBe(Date.parse(end ?? '')),
    refused: {
      // Nobody outranks the owner.
      MISSING_PERMISSIONS: () => timeout(guild.owner_id, Date.now() + 60_000),
      INVALID_FORM_BODY_OR_CONTENT_TYPE: () => timeout(member('halfpenny'), Date.now() + 29 * 86_400_000),
      UNKNOWN_USER: () => ({ guild_id: guild.id, user_id: nobody, communication_disabled_until: null }),
      INVALID_PAYLOAD: () => ({
        guild_id: guild.id,
        user_id: member('halfpenny'),
        communication_disabled_until: 'tomorrow',
      }),
    },
  },
  update_voice_state: {
    payload: () => ({ guild_id: guild.id, channel_id: channel('Loft'), self_deaf: true }),
    done: ({ voice_state }) => {
      expect(voice_state).toMatchObject({ guild_id: guild.id, channel_id: channel('Loft'), self_deaf: true })
      expect(voiceOf(botId())).toBe(channel('Loft'))
    },
    refused: {
      UNKNOWN_GUILD: () => ({ guild_id: nobody, channel_id: null }),
      UNKNOWN_CHANNEL: () => ({ guild_id: guild.id, channel_id: nobody }),
      CANNOT_EXECUTE_ACTION_ON_THIS_CHANNEL_TYPE: () => ({ guild_id: guild.id, channel_id: channel('build-log') }),
      MISSING_PERMISSIONS: async () => {
        const closed = guild.channels.find(({ name }) => name === 'Quiet room')
        const permission_overwrites = [{ id: guild.id, type: 0, allow: '0', deny: String(PermissionFlagsBits.Connect) }]
        simulator.dispatch('CHANNEL_UPDATE', { ...closed, guild_id: guild.id, permission_overwrites })
        await backend.until((message) => message.type === 'event' && message.data.event === 'CHANNEL_UPDATE')
        return { guild_id: guild.id, channel_id: closed?.id }
      },
      INVALID_PAYLOAD: () => ({ guild_id: guild.id }),
    },
  },
  request_members: {
    payload: () => ({ guild_id: guild.id, user_ids: [member('brackish'), nobody] }),
    done: ({ chunk_count, not_found }) => {
      expect(chunk_count).toBe(1)
      expect(not_found).toEqual([nobody])
    },
    refused: {
      UNKNOWN_GUILD: () => ({ guild_id: nobody, query: 'a' }),
      // Of all of them one may ask once in a while.
      RATE_LIMITED: async () => {
        const all = { guild_id: guild.id, query: '' }
        await answer('request_members', all)
        return all
      },
      INVALID_PAYLOAD: () => ({ guild_id: guild.id }),
    },
  },
  get_status: {
    payload: () => ({}),
    done: ({ shards }) => expect(shards).toMatchObject([{ id: 0, state: 'ready' }]),
    refused: { INVALID_PAYLOAD: () => ({ verbose: true }) },
  },
  get_figures: {
    payload: () => ({ history: '15m' }),
    done: (figures) =>
      expect(figures).toMatchObject({
        consumers: [{ name: 'token 1', state: 'live', behind: 0, streams: null }],
        shards: [{ id: 0, state: 'ready', guilds: simulator.world.guilds().length, identifies: 1 }],
        history: { range: '15m', step_ms: 10_000 },
      }),
    refused: { INVALID_PAYLOAD: () => ({ history: '1y' }) },
  },
  report_figures: {
    payload: () => ({ process: 'web-1', streams: 12, latency: [[20, 3]] }),
    done: () => {},
    refused: {
      RATE_LIMITED: async () => {
        const report = { process: 'web-1', streams: 12, latency: [] }
        await answer('report_figures', report)
        return report
      },
      INVALID_PAYLOAD: () => ({ process: 'web-1', streams: 12, latency: [[72, 1]] }),
    },
  },
  list_commands: {
    payload: () => ({}),
    done: ({ commands: listed }) =>
      expect((listed as { name: string }[]).map(({ name }) => name)).toEqual(Object.keys(commands)),
    refused: { INVALID_PAYLOAD: () => ({ filter: 'x' }) },
  },
}

const botId = () => Buffer.from(simulator.botToken.split('.', 1)[0] ?? '', 'base64').toString()
const stateOf = (userId: string) => guild.voice_states.find(({ user_id }) => user_id === userId)
const voiceOf = (userId: string) => stateOf(userId)?.channel_id ?? null
const timeout = (user_id: string, untilMs: number) => ({
  guild_id: guild.id,
  user_id,
  communication_disabled_until: new Date(untilMs).toISOString(),
})

describe.each(Object.entries(cases))('%s', (name, { payload, done, refused }: Case<never>) => {
  it('is done, and its result is as the table says', async () => {
    const given = await payload()
    const ack = await answer(name, given)
    expect(ack).toMatchObject({ type: 'ack', data: { success: true } })
    const { data } = ack as unknown as { data: Record<string, unknown> }
    expect(commands[name as CommandName].result.parse(data)).toEqual(data)
    done(data, given)
  })

  it.each(Object.entries(refused))('is refused with %s', async (code, bad) => {
    const error = await answer(name, await bad())
    expect(error).toMatchObject({ type: 'error', data: { code } })
    if (code === 'INVALID_PAYLOAD') expect(error).toMatchObject({ data: { issues: [{ path: /^data\.payload/ }] } })
  })
})

it('what is asked of voice before the answer to what went before is done too, in that order', async () => {
  const to = (name: string | null) => ({ guild_id: guild.id, channel_id: name && channel(name) })
  await answer('update_voice_state', to(null))
  for (let round = 0; round < 5; round++) {
    backend.command('update_voice_state', to('Loft'), `there ${round}`)
    expect(await answer('update_voice_state', to(null), `back ${round}`)).toMatchObject({ type: 'ack' })
    expect(voiceOf(botId())).toBeNull()
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
