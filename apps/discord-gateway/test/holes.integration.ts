import { bounds, type GatewayServiceV2Message } from '@repo/discord-integration/types'
import { describe, expect, it } from 'vitest'
import { until } from '../../../test/lib/child.ts'
import { isNumber, lastId, linkUrl, numbers, useGateways } from './gateways.ts'
import { Backend } from './link.ts'

const gateways = useGateways('survival')
const { start, opened, type, guildId } = gateways

describe('a hole that Discord leaves', () => {
  it('between two sessions is told of in its place, and so are the guilds that are gone', async () => {
    const first = start()
    let port = await first.ready()
    let id: string
    {
      await using backend = await Backend.open(linkUrl(port))
      id = lastId(await backend.live())
      type(1)
      await backend.until(isNumber(1))
    }
    const before = Date.now()
    await first.end('SIGKILL')
    const [stays, leaves] = gateways.simulator.world.guilds().map((guild) => guild.id)
    await leave(leaves ?? '')
    gateways.simulator.faults.inject({ kind: 'outage', for_ms: 1, sessions: 'die' })
    port = await start().ready()
    expect(opened().filter((how) => how === 'identify')).toHaveLength(2)

    await using again = await Backend.open(linkUrl(port), { lastEventId: id })
    const told = await again.live()
    const said = told.map((message) =>
      message.type === 'event' ? message.data.event : message.type === 'sync' ? message.data.state : message.type,
    )
    expect(said.filter((what) => what !== 'GUILD_DELETE')).toEqual([
      'resumed',
      'TYPING_START',
      'gap',
      'READY',
      'GUILD_CREATE',
      'live',
    ])
    const gap = told.find((message) => message.type === 'sync' && message.data.state === 'gap')
    expect(gap).toMatchObject({ data: { reason: 'upstream' } })
    const { from = 0, to = 0 } = gap?.type === 'sync' ? gap.data : {}
    expect(from).toBeLessThanOrEqual(before)
    expect(to).toBeGreaterThanOrEqual(before)
    const deleted = told.filter((message) => message.type === 'event' && message.data.event === 'GUILD_DELETE')
    expect(deleted.at(-1)).toMatchObject({ data: { payload: { id: leaves } } })
    await using fresh = await Backend.open(linkUrl(port))
    const guilds = (await fresh.live()).filter((message) => message.type === 'event')
    expect(guilds).toMatchObject([{ data: { event: 'GUILD_CREATE', payload: { id: stays } } }])
  })

  it.each(['lose', 'garble'] as const)(
    'says in its place that Discord left out an event (%s), and goes on',
    async (kind) => {
      const first = start()
      let port = await first.ready()
      await using backend = await Backend.open(linkUrl(port))
      const beginning = await backend.live()
      type(1)
      await backend.until(isNumber(1))
      gateways.simulator.faults.inject({ kind, times: 1 })
      type(2)
      type(3)
      // Once is nothing: it was asked for again.
      expect(numbers(await backend.until(isNumber(3)))).toEqual([2, 3])
      for (const connection of [2, 3]) gateways.simulator.faults.inject({ kind, connection, times: 1 })
      type(4)
      type(5)
      const told = await backend.until(isNumber(5))
      const said = (messages: readonly GatewayServiceV2Message[]) =>
        messages.flatMap<unknown>((message) =>
          message.type === 'sync' && message.data.state === 'gap' ? ['gap', message.data.reason] : numbers([message]),
        )
      expect(said(told)).toEqual(['gap', 'upstream', 5])
      type(6)
      await backend.until(isNumber(6))
      // What was told is in the log: the next process, and who comes back, knows it too.
      await first.end('SIGKILL')
      port = await start().ready()
      await using again = await Backend.open(linkUrl(port), { lastEventId: lastId(beginning) })
      expect(said(await again.until(isNumber(6)))).toEqual([1, 2, 3, 'gap', 'upstream', 5, 6])
      expect(opened()).toEqual(['identify', 'resume', 'resume', 'resume'])
    },
  )

  it('reads nothing back of what is missing within a session', async () => {
    const first = start()
    let port = await first.ready()
    await using backend = await Backend.open(linkUrl(port))
    await backend.live()
    for (const connection of [1, 2]) {
      gateways.simulator.faults.inject({ kind: 'lose', connection, times: 1 })
    }
    speak('general', 'never told')
    type(1)
    const told = await backend.until(isNumber(1))
    expect(told).toMatchObject([{ data: { state: 'gap', reason: 'upstream' } }, { type: 'event' }])
    // Nor when the session is resumed by another process, by which a hole that was begun is filled.
    const id = lastId(told)
    await first.end()
    const second = start()
    port = await second.ready()
    await using again = await Backend.open(linkUrl(port), { lastEventId: id })
    const last = speak('general', 'told')
    const isMessage = (message: GatewayServiceV2Message) =>
      message.type === 'event' && message.data.event === 'MESSAGE_CREATE'
    expect((await again.until(isMessage)).at(-1)).toMatchObject({ data: { payload: { id: last.id } } })
    await second.end()
    expect(opened()).toEqual(['identify', 'resume', 'resume'])
    expect(first.output + second.output).not.toContain('of the gap were restored')
  })

  it('passes over an event that is too large for a backend, says so, and goes on', async () => {
    const gateway = start()
    await using backend = await Backend.open(linkUrl(await gateway.ready()))
    await backend.live()
    const room = bounds.discordFrame - 200
    gateways.simulator.dispatch('TYPING_START', { guild_id: guildId(), timestamp: 1, x: 'x'.repeat(room) })
    type(2)
    const told = await backend.until(isNumber(2))
    expect(told).toMatchObject([
      { type: 'sync', data: { state: 'gap', reason: 'too_large', guild_id: guildId() } },
      { type: 'event' },
    ])
    expect(opened()).toEqual(['identify'])
    await until('it to be said', () => gateway.output.includes('too large to be passed on'))
  })

  it('restores the messages of the hole from REST, once, and nothing that the bot may not read', async () => {
    const first = start()
    let port = await first.ready()
    let id: string
    const [kept, gone] = [speak('general', 'kept'), speak('general', 'gone soon')]
    {
      await using backend = await Backend.open(linkUrl(port))
      await backend.live()
      type(1)
      id = lastId(await backend.until(isNumber(1)))
    }
    await first.end('SIGKILL')
    // What else happens in a hole is not told.
    react(kept)
    await deleteMessage(gone)
    const said = [speak('general', 'one'), speak('cone 6 schedule', 'two, in a thread'), speak('general', 'three')]
    speak('treasury', 'not for the bot')
    const taken = speak('general', 'taken back')
    await deleteMessage(taken)
    gateways.simulator.faults.inject({ kind: 'outage', for_ms: 1, sessions: 'die' })
    port = await start().ready()
    await using again = await Backend.open(linkUrl(port), { lastEventId: id })
    const restored = new Map<string, unknown>()
    const told = await again.until((message) => {
      if (message.type !== 'event' || message.data.event !== 'MESSAGE_CREATE') return false
      const payload = message.data.payload as { id: string; guild_id: string; content: string }
      expect(message.data.backfilled).toBe(true)
      expect(payload.guild_id).toBe(guildId())
      expect(restored.has(payload.id)).toBe(false)
      restored.set(payload.id, payload.content)
      return restored.size === said.length
    })
    expect([...restored.keys()].sort()).toEqual(said.map((message) => message.id).sort())
    const live = speak('general', 'and now')
    told.push(...(await again.until(({ type: kind }) => kind === 'event')))
    const names = new Set(told.flatMap((message) => (message.type === 'event' ? [message.data.event] : [])))
    expect([...names].sort()).toEqual(['GUILD_CREATE', 'MESSAGE_CREATE', 'READY'])
    const event = told.at(-1)
    expect(event).toMatchObject({ data: { event: 'MESSAGE_CREATE', payload: { id: live.id } } })
    expect(event).not.toMatchObject({ data: { backfilled: true } })
  })
})

type Spoken = ReturnType<typeof gateways.simulator.people.speak>

/** Somebody who may write there says it. */
function speak(channelName: string, content: string): Spoken {
  for (const guild of gateways.simulator.world.guilds()) {
    const channel = [...guild.channels, ...guild.threads].find(({ name }) => name === channelName)
    if (!channel) continue
    return gateways.simulator.people.speak({ user_id: guild.owner_id, channel_id: channel.id, content })
  }
  throw new Error(`the world has no ${channelName}`)
}

/** Its author does. */
function react({ id, channel_id, author }: Spoken): void {
  gateways.simulator.people.react({ user_id: author.id, channel_id, message_id: id, emoji: '🔥' })
}

async function deleteMessage({ id, channel_id: channelId }: Spoken): Promise<void> {
  const answer = await fetch(`${gateways.simulator.apiUrl}/v10/channels/${channelId}/messages/${id}`, {
    method: 'DELETE',
    headers: { authorization: `Bot ${gateways.simulator.botToken}` },
  })
  expect(answer.status).toBe(204)
}

async function leave(id: string): Promise<void> {
  const answer = await fetch(`${gateways.simulator.apiUrl}/v10/users/@me/guilds/${id}`, {
    method: 'DELETE',
    headers: { authorization: `Bot ${gateways.simulator.botToken}` },
  })
  expect(answer.status).toBe(204)
}
