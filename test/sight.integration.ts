import { PEOPLE } from '@repo/discord-simulator'
import type { Guild } from '@repo/discord-simulator'
import type { EventSourceMessage } from 'eventsource-parser'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { until } from './lib/child.ts'
import { EventStream } from './lib/event-stream.ts'
import { startStack, type Stack } from './lib/stack.ts'

// What changes who may see what, through real processes, on streams that are open. Each says how long it took.

type Who = keyof typeof PEOPLE
type Channels = { id: string; name: string; permission_overwrites: unknown[] }[]

describe.each([
  ['with the members intent', ['members', 'presences', 'message_content']],
  ['without the members intent', ['message_content']],
] as const)('%s', (intents, privileged) => {
  let stack: Stack

  beforeAll(async () => {
    stack = await startStack({ privileged })
  })

  afterAll(async () => {
    await stack[Symbol.asyncDispose]()
  })

  const guild = (): Guild => {
    const found = stack.simulator.world.guilds().find(({ name }) => name === 'Tidewater Makers')
    if (!found) throw new Error('the world has no workshop')
    return found
  }
  const channel = (name: string) => {
    const found = guild().channels.find((one) => one.name === name)
    if (!found) throw new Error(`the workshop has no channel ${name}`)
    return found
  }
  const member = (who: Who) => {
    const found = guild().members.find(({ user }) => user.id === PEOPLE[who].id)
    if (!found) throw new Error(`${who} is not in the workshop`)
    return found
  }
  /** As a moderator does it at Discord: it comes into the audit log too. */
  const does = (event: string, payload: object) =>
    stack.simulator.people.does(PEOPLE.tessellate.id, event, { guild_id: guild().id, ...payload })

  async function watch(who: Who) {
    const url = `${stack.webUrl}/api/guilds/${guild().id}/events`
    const stream = await EventStream.open(url, { cookie: await stack.signIn(who) })
    await stream.sync('live')
    return stream
  }

  /** The channels of the guild that is told anew after `from`, right behind why it is. */
  async function anew(stream: EventStream, from: number): Promise<Channels> {
    const created = await stream.event(
      'GUILD_CREATE',
      (event) => isGuild(event) && stream.events.indexOf(event) >= from,
    )
    const before = stream.events[stream.events.indexOf(created) - 1]
    expect(JSON.parse(before?.data ?? '')).toMatchObject({ state: 'gap', reason: 'permissions_changed' })
    return (JSON.parse(created.data) as { channels: Channels }).channels
  }
  const isGuild = ({ event }: EventSourceMessage) => event === 'GUILD_CREATE'
  const names = (channels: Channels) => channels.map(({ name }) => name)

  test('a role that is taken', async ({ annotate }) => {
    await using hers = await watch('umberfox')
    await using his = await watch('brackish')
    const from = hers.events.length
    const { id } = guild().roles.find(({ name }) => name === 'Keyholder') ?? { id: '' }
    const { roles, ...rest } = member('umberfox')
    const start = performance.now()
    does('GUILD_MEMBER_UPDATE', { ...rest, roles: roles.filter((role) => role !== id) })
    const seen = names(await anew(hers, from))
    await annotate(took('a role taken', start))
    expect(seen).toContain('general')
    expect(seen).not.toContain('keyholders')

    const content = 'The other key is with Fenwick'
    stack.simulator.people.speak({ channel_id: channel('keyholders').id, user_id: PEOPLE.tessellate.id, content })
    stack.simulator.people.speak({ channel_id: channel('general').id, user_id: PEOPLE.tessellate.id, content: 'Tea' })
    await his.event('the message', ({ data }) => data.includes(content))
    await hers.event('another', ({ data }) => data.includes('"Tea"'))
    expect(hers.events.filter(({ data }) => data.includes(content))).toEqual([])
    expect(his.events.filter(isGuild)).toHaveLength(1)
  })

  test('overwrites that change', async ({ annotate }) => {
    await using stream = await watch('oddment')
    const from = stream.events.length
    const forStewards = overwritesOf(channel('inventory'))
    const start = performance.now()
    does('CHANNEL_UPDATE', { ...channel('buy-together'), permission_overwrites: forStewards })
    expect(names(await anew(stream, from))).not.toContain('buy-together')
    await annotate(took('overwrites changed', start))
  })

  test('a channel that is moved under another category, and takes its overwrites', async ({ annotate }) => {
    await using stream = await watch('oddment')
    const before = stream.events.length
    does('CHANNEL_UPDATE', { ...channel('Upstairs'), permission_overwrites: overwritesOf(channel('inventory')) })
    expect(names(await anew(stream, before))).not.toContain('Upstairs')
    const from = stream.events.length
    const start = performance.now()
    const answer = await fetch(`${stack.simulator.apiUrl}/v10/guilds/${guild().id}/channels`, {
      method: 'PATCH',
      headers: { authorization: `Bot ${stack.simulator.botToken}`, 'content-type': 'application/json' },
      body: JSON.stringify([
        { id: channel('kiln-watch').id, parent_id: channel('Upstairs').id, lock_permissions: true },
      ]),
    })
    expect(answer.status).toBe(204)
    expect(names(await anew(stream, from))).not.toContain('kiln-watch')
    await annotate(took('a channel moved', start))
  })

  test('a channel that is moved and keeps its overwrites is no change', async () => {
    await using stream = await watch('oddment')
    does('CHANNEL_UPDATE', { ...channel('general'), parent_id: channel('Workshop floor').id })
    await stream.event('CHANNEL_UPDATE', ({ event }) => event === 'CHANNEL_UPDATE')
    expect(stream.events.filter(isGuild)).toHaveLength(1)
  })

  test('another owner', async ({ annotate }) => {
    await using stream = await watch('oddment')
    const from = stream.events.length
    const { name, roles } = guild()
    const start = performance.now()
    does('GUILD_UPDATE', { id: guild().id, name, roles, owner_id: PEOPLE.oddment.id })
    expect(names(await anew(stream, from))).toEqual(expect.arrayContaining(['keyholders', 'inventory', 'buy-together']))
    await annotate(took('another owner', start))
  })

  test('a kick', async ({ annotate }) => {
    await using his = await watch('brackish')
    await using hers = await watch('umberfox')
    const heard = his.events.length
    const { user } = member('brackish')
    const start = performance.now()
    does('GUILD_MEMBER_REMOVE', { user })
    await until('the stream to end', () => his.ended)
    await annotate(took('a kick', start))
    expect(his.events.slice(heard)).toEqual([])
    expect(hers.ended).toBe(false)
    const again = await EventStream.open(`${stack.webUrl}/api/guilds/${guild().id}/events`, {
      cookie: await stack.signIn('brackish'),
    })
    expect(again.response.status).toBe(404)
  })

  const took = (what: string, start: number) => `${what}, ${intents}: ${Math.round(performance.now() - start)} ms`
})

const overwritesOf = (channel: object): unknown => Reflect.get(channel, 'permission_overwrites')
