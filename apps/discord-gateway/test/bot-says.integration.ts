import { describe, expect, it } from 'vitest'
import type { GatewayServiceV2Message } from '@repo/discord-integration/types'
import { until } from '../../../test/lib/child.ts'
import { linkUrl, useGateways } from './gateways.ts'
import { Backend } from './link.ts'

// What the bot says over its own socket, on a process.

const gateways = useGateways('bot-says')
const { start, anotherDiscord } = gateways

const isAnswer = (message: GatewayServiceV2Message) => message.type === 'ack' || message.type === 'error'
const answered = async (backend: Backend) => (await backend.until(isAnswer)).at(-1)

const botId = () => Buffer.from(gateways.simulator.botToken.split('.', 1)[0] ?? '', 'base64').toString()
const guild = () => {
  const [first] = gateways.simulator.world.guilds()
  if (!first) throw new Error('there is no guild')
  return first
}
const voiceChannel = () => guild().channels.find(({ name }) => name === 'Loft')?.id ?? ''
const botIsIn = () => guild().voice_states.find(({ user_id }) => user_id === botId())?.channel_id ?? null

/** More members than a chunk holds, twice: those that there are stay the first. */
function crowd(): void {
  const [model] = guild().members
  if (!model) throw new Error('there is nobody')
  for (let n = 0; n < 2_300; n += 1) {
    const id = String(800_000_000_000_000_000n + BigInt(n))
    guild().members.push({ ...model, user: { ...model.user, id, username: `one of many ${n}` } })
  }
}

describe('request_members', () => {
  it('of a large server is answered behind the last of its chunks, all with its nonce; and nobody else gets any', async () => {
    crowd()
    const url = linkUrl(await start().ready())
    await using backend = await Backend.open(url)
    await using other = await Backend.open(url)
    await Promise.all([backend.live(), other.live()])
    backend.command('request_members', { guild_id: guild().id, query: '' }, 'all')
    backend.command('request_members', { guild_id: guild().id, user_ids: ['1'] }, 'one')
    const messages = [...(await backend.until(isAnswer)), ...(await backend.until(isAnswer))]
    for (const [requestId, count] of [
      ['all', 3],
      ['one', 1],
    ] as const) {
      const at = messages.findIndex((message) => message.type === 'ack' && message.requestId === requestId)
      const { nonce, chunk_count } = (messages[at] as unknown as { data: { nonce: string; chunk_count: number } }).data
      expect(chunk_count).toBe(count)
      const indexes = (list: GatewayServiceV2Message[]) =>
        list.flatMap((message) => {
          if (message.type !== 'event' || message.data.event !== 'GUILD_MEMBERS_CHUNK') return []
          const payload = message.data.payload as { nonce: string; chunk_index: number }
          return payload.nonce === nonce ? [payload.chunk_index] : []
        })
      expect(indexes(messages.slice(0, at))).toEqual(Array.from({ length: count }, (_, index) => index))
      expect(indexes(messages.slice(at))).toEqual([])
    }
    gateways.type(1)
    expect(await other.next()).toMatchObject({ type: 'event', data: { event: 'TYPING_START' } })
  })
})

describe('over kill -9 of the gateway', () => {
  it.each(['update_voice_state', 'request_members'] as const)(
    '%s, which Discord has done and not shown, is asked again and answered',
    async (command) => {
      const first = start()
      const payload =
        command === 'update_voice_state'
          ? { guild_id: guild().id, channel_id: voiceChannel() }
          : { guild_id: guild().id, user_ids: [guild().members[0]?.user.id] }
      {
        await using backend = await Backend.open(linkUrl(await first.ready()))
        await backend.live()
        const late = gateways.simulator.faults.inject({ kind: 'delay', ms: 60_000 })
        backend.command(command, payload, 'r')
        if (command === 'update_voice_state') await until('the bot to be there', () => botIsIn() === voiceChannel())
        // Behind it on the same connection, so that it is under way when this is answered.
        backend.command('get_status', {}, 's')
        expect(await answered(backend)).toMatchObject({ type: 'ack', requestId: 's' })
        await first.end('SIGKILL')
        gateways.simulator.faults.lift(late.id)
      }
      await using backend = await Backend.open(linkUrl(await start().ready()))
      await backend.live()
      backend.command(command, payload, 'r')
      const messages = await backend.until(isAnswer)
      expect(messages.at(-1)).toMatchObject({ type: 'ack', requestId: 'r', data: { success: true } })
      if (command === 'update_voice_state') expect(botIsIn()).toBe(voiceChannel())
      else expect(messages.some((one) => one.type === 'event' && one.data.event === 'GUILD_MEMBERS_CHUNK')).toBe(true)
    },
  )
})

it.each(['update_voice_state', 'request_members'] as const)(
  '%s that Discord has not shown yet is finished when the gateway is to end',
  async (command) => {
    const gateway = start()
    await using backend = await Backend.open(linkUrl(await gateway.ready()))
    await backend.live()
    // Shorter than what commands in flight are given at the end.
    gateways.simulator.faults.inject({ kind: 'delay', ms: 1_000 })
    const payload = command === 'update_voice_state' ? { channel_id: voiceChannel() } : { user_ids: ['1'] }
    backend.command(command, { guild_id: guild().id, ...payload }, 'r')
    backend.command('get_status', {}, 's')
    expect(await answered(backend)).toMatchObject({ type: 'ack', requestId: 's' })
    gateway.child.kill('SIGTERM')
    expect(await answered(backend)).toMatchObject({ type: 'ack', requestId: 'r' })
    expect(await gateway.exit).toBe(0)
  },
)

it('each shard’s socket has a minute of its own', async () => {
  await anotherDiscord({ guilds: 8, shards: 2 })
  const guilds = Map.groupBy(gateways.simulator.world.guilds(), ({ id }) => Number((BigInt(id) >> 22n) % 2n))
  expect(new Set(guilds.keys())).toEqual(new Set([0, 1]))
  await using backend = await Backend.open(linkUrl(await start().ready()))
  await backend.live()
  for (const shard of [0, 1]) {
    const [one] = guilds.get(shard) ?? []
    let done = 0
    for (;;) {
      backend.command('request_members', { guild_id: one?.id, user_ids: ['1'] }, `${shard} ${done}`)
      const answer = await answered(backend)
      if (answer?.type !== 'ack') {
        expect(answer).toMatchObject({ data: { code: 'RATE_LIMITED', retryAfter: expect.any(Number) } })
        break
      }
      done += 1
    }
    expect(done).toBe(114)
  }
})
