import {
  commands,
  LinkError,
  type CommandDefinition,
  type CommandName,
  type GatewayServiceV2Message,
} from '@repo/discord-integration/types'
import { EventFeed, MemoryLog, type NewLogEntry } from '@repo/event-feed'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { CommandOrigin } from '../src/command-origin.ts'
import type { HandlerContext } from '../src/commands/handler.ts'
import { listCommands } from '../src/commands/list-commands.ts'
import { encodeBatch } from '../src/link/encode.ts'
import { readUpgrade } from '../src/link/upgrade.ts'
import type { LinkToken } from '../src/tokens/link-token.ts'
import { EVERY_SCOPE, scopesKey, type Scopes } from '../src/tokens/scopes.ts'
import { withinScopes, type AskGuild, type GuildOfChannel } from '../src/tokens/within-scopes.ts'

const GUILDS = ['1', '2', '3']
const EVENTS = ['GUILD_CREATE', 'GUILD_DELETE', 'MESSAGE_CREATE', 'TYPING_START', 'GUILD_MEMBERS_CHUNK', 'READY']

function tokenWith(scopes: Partial<Scopes>): LinkToken {
  const backend = { id: 'b', name: 'web', scopes: { ...EVERY_SCOPE, ...scopes } }
  return { hash: 'h', backend, connectionsMax: null, expiresAt: null }
}

function upgrade(scopes: Partial<Scopes>, query: string, lastEventId?: string) {
  const headers = {
    'sec-websocket-protocol': 'gateway-service.v2',
    ...(lastEventId !== undefined && { 'last-event-id': lastEventId }),
  }
  return readUpgrade({ url: `/${query}`, headers }, () => tokenWith(scopes))
}

function refusalOf(act: () => unknown): LinkError | null {
  try {
    act()
    return null
  } catch (error) {
    if (error instanceof LinkError) return error
    throw error
  }
}

describe('an upgrade', () => {
  it('that names nothing gets what the token may have', () => {
    expect(upgrade({}, '').filter).toEqual({ guilds: null, events: null, guildless: true })
    const scopes = { guilds: new Set(['1', '2']), events: new Set(['TYPING_START']) }
    expect(upgrade(scopes, '').filter).toEqual({ ...scopes, guildless: false })
    expect(upgrade({ events: scopes.events }, '').filter).toEqual({ ...scopes, guilds: null, guildless: true })
  })

  it('gets what it names, and events without a guild only with neither a scope nor a filter', () => {
    const scopes = { guilds: new Set(['1', '2']), events: new Set(['TYPING_START', 'READY']) }
    const { filter } = upgrade(scopes, '?guilds=2&events=READY')
    expect(filter).toEqual({ guilds: new Set(['2']), events: new Set(['READY']), guildless: false })
    expect(upgrade({}, '?guilds=2').filter.guildless).toBe(false)
  })

  it.each([
    [{ guilds: new Set(['1']) }, '?guilds=1,2', 'guilds: ', '2'],
    [{ events: new Set(['READY']) }, '?events=TYPING_START', 'events: ', 'TYPING_START'],
    [{ events: new Set<string>() }, '?events=READY', 'events: ', 'READY'],
    [{ guilds: new Set(['1']) }, '?guilds=2,3,4,5,6', 'guilds: ', '2, 3, 4 and 2 more'],
  ])('beyond its scopes is FORBIDDEN by the parameter’s name', (scopes, query, parameter, named) => {
    const error = refusalOf(() => upgrade(scopes, query))
    expect(error).toMatchObject({ code: 'FORBIDDEN' })
    expect(error?.message).toMatch(new RegExp(`^${parameter}.*${named}$`))
  })
})

/** What a backend was told of the feed: every message of every batch. */
function listen(feed: EventFeed, { filter, backlogMs, lastEventId }: ReturnType<typeof upgrade>) {
  const messages: GatewayServiceV2Message[] = []
  const { promise: live, resolve } = Promise.withResolvers<void>()
  feed.subscribe({
    lastEventId,
    filter,
    ...(backlogMs !== undefined && { backlogMs }),
    sink: {
      write(batch) {
        messages.push(...textsOf(encodeBatch(batch, 2)).map((text) => JSON.parse(text) as GatewayServiceV2Message))
        if (messages.some((message) => message.type === 'sync' && message.data.state === 'live')) resolve()
        return true
      },
    },
  })
  return { messages, live }
}

/** The texts in frames as a server sends them. */
function textsOf(bytes: Buffer): string[] {
  const texts: string[] = []
  for (let at = 0; at < bytes.length;) {
    const short = bytes[at + 1] ?? 0
    const [head, length] = short < 126 ? [2, short] : [4, bytes.readUInt16BE(at + 2)]
    texts.push(bytes.toString('utf8', at + head, at + head + length))
    at += head + length
  }
  return texts
}

const guildOrNone = fc.option(fc.constantFrom(...GUILDS))
const dispatched = fc
  .tuple(fc.constantFrom(...EVENTS), guildOrNone, fc.boolean())
  .map(([event, guild, unavailable]): { event: string; guildId: string | null; payload: object } => {
    if (event === 'READY' || guild === null)
      return { event: event.startsWith('GUILD') ? 'READY' : event, guildId: null, payload: {} }
    const itself = event === 'GUILD_CREATE' || event === 'GUILD_DELETE'
    const payload = itself ? { id: guild, ...(unavailable && { unavailable }) } : { guild_id: guild }
    return { event, guildId: guild, payload }
  })
const gap = fc.record({ gapOf: fc.option(fc.constantFrom(...GUILDS)) })
const scopes: fc.Arbitrary<Scopes> = fc.record({
  guilds: fc.option(fc.subarray(GUILDS, { minLength: 1 }).map((ids) => new Set(ids))),
  events: fc.option(fc.subarray(EVENTS).map((names) => new Set(names))),
  commands: fc.constant(null),
})
const query = fc
  .record({
    guilds: fc.option(fc.subarray(GUILDS, { minLength: 1 })),
    events: fc.option(fc.subarray(EVENTS, { minLength: 1 })),
  })
  .map(({ guilds, events }) => ({ guilds, events }))

type Given = { event: string; guildId: string | null; payload: object } | { gapOf: string | null }

function entryOf(given: Given): NewLogEntry {
  if ('event' in given) return { kind: 'dispatch', ...given, payload: JSON.stringify(given.payload), ts: Date.now() }
  const whose = given.gapOf === null ? {} : { guildId: given.gapOf }
  return { kind: 'gap', reason: 'upstream', shard: null, fromTs: 1, toTs: 2, ts: Date.now(), ...whose }
}

describe('whoever has scopes', () => {
  it('sees of any log exactly what is within them: live, replayed, of a backlog and in a snapshot', async () => {
    let [forbidden, seen, hidden] = [0, 0, 0]
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof(dispatched, gap), { maxLength: 25 }),
        scopes,
        query,
        async (log, has, asks) => {
          const parameters = Object.entries(asks).flatMap(([name, list]) => (list ? [`${name}=${list.join(',')}`] : []))
          const text = `?${parameters.join('&')}`
          const beyond = Object.entries(asks).some(([name, list]) => {
            const scope = has[name as 'guilds' | 'events']
            return scope && list?.some((one) => !scope.has(one))
          })
          if (beyond) {
            forbidden++
            expect(refusalOf(() => upgrade(has, text))?.code).toBe('FORBIDDEN')
            return
          }
          // In words of its own: what the filter says is what is tested.
          const isGuild = (id: string) => (has.guilds?.has(id) ?? true) && (asks.guilds?.includes(id) ?? true)
          const isEvent = (event: string) => (has.events?.has(event) ?? true) && (asks.events?.includes(event) ?? true)
          const isAll = has.guilds === null && asks.guilds === null
          const isSeen = (given: Given) => {
            if (!('event' in given)) return given.gapOf === null || isGuild(given.gapOf)
            const { event, guildId } = given
            return isEvent(event) && event !== 'GUILD_MEMBERS_CHUNK' && (guildId === null ? isAll : isGuild(guildId))
          }
          const due = log.filter(isSeen).map((given) => ('event' in given ? given.event : `gap ${given.gapOf}`))
          seen += due.length
          hidden += log.length - due.length

          const feed = new EventFeed({ log: new MemoryLog({ maxAgeMs: 1e9, maxBytes: 1e9, epoch: 'e' }) })
          const live = listen(feed, upgrade(has, text, 'e-0'))
          await live.live
          for (const given of log) await feed.publish(entryOf(given))
          const replayed = listen(feed, upgrade(has, text, 'e-0'))
          const fresh = listen(feed, upgrade(has, text))
          const withBacklog = listen(feed, upgrade(has, `${text}&backlog=1000`))
          await Promise.all([replayed, fresh, withBacklog].map((one) => one.live))
          await feed.close()

          const told = ({ messages }: { messages: GatewayServiceV2Message[] }) =>
            messages.flatMap((message): string[] => {
              if (message.type === 'event') return [message.data.event]
              const gapped = message.type === 'sync' && message.data.state === 'gap'
              return gapped ? [`gap ${message.data.guild_id ?? null}`] : []
            })
          expect(told(live)).toEqual(due)
          expect(told(replayed)).toEqual(due)

          const { state } = feed
          const unavailable = isEvent('GUILD_DELETE') ? [...state.unavailableGuilds].filter(isGuild) : []
          const guilds = isEvent('GUILD_CREATE') ? [...state.guildIds()].filter(isGuild) : []
          const snapshot = [...unavailable.map(() => 'GUILD_DELETE'), ...guilds.map(() => 'GUILD_CREATE')]
          expect(told(fresh)).toEqual(snapshot)
          expect(told(withBacklog)).toEqual([...due, ...snapshot])
          for (const { messages } of [live, replayed, fresh, withBacklog]) {
            for (const id of idsIn(messages)) expect(isGuild(id)).toBe(true)
          }
        },
      ),
      { numRuns: 500 },
    )
    for (const count of [forbidden, seen, hidden]) expect(count).toBeGreaterThan(50)
  })
})

/** Every guild that is named anywhere. */
function idsIn(messages: readonly GatewayServiceV2Message[]): string[] {
  return messages.flatMap(({ data }) => {
    const payload = typeof data === 'object' && data && 'payload' in data ? data.payload : data
    const { id, guild_id: guildId } = payload as { id?: string; guild_id?: string }
    return [guildId, id].filter((one) => one !== undefined && GUILDS.includes(one)) as string[]
  })
}

describe('scopesKey', () => {
  it('is equal for those that reach equally far', () => {
    expect(scopesKey({ ...EVERY_SCOPE, guilds: new Set(['1', '2']) })).toBe(
      scopesKey({ ...EVERY_SCOPE, guilds: new Set(['2', '1']) }),
    )
    expect(scopesKey({ ...EVERY_SCOPE, events: new Set() })).not.toBe(scopesKey(EVERY_SCOPE))
  })
})

const CHANNELS: Readonly<Record<string, string>> = { '11': '1', '22': '2' }
const guildOfChannel = (channelId: string) => CHANNELS[channelId] ?? null

const NAMES = Object.keys(commands) as CommandName[]
const definitionOf = (name: CommandName): CommandDefinition => commands[name]
/** What the wildcard has. */
const WILD = NAMES.filter((name) => !definitionOf(name).namedOnly)

/** A place whose guild Discord alone can say: in these tests it is called as its guild is. */
const isAsked = (place: string) => place === 'webhook_id' || place === 'code'
const askGuild: AskGuild = async ({ kind, id }) => (kind !== 'channel' && GUILDS.includes(id) ? id : null)

/** The table's example, with another value at a path. */
function withAt(payload: object, path: string, value: unknown): object {
  const [key = '', ...rest] = path.split('.')
  const inner = (payload as Readonly<Record<string, object>>)[key] ?? {}
  return { ...payload, [key]: rest.length === 0 ? value : withAt(inner, rest.join('.'), value) }
}

/** The table's example, for guild 1 and a channel of it. */
function exampleOf(name: CommandName): object {
  const { guild, channels = [], example } = definitionOf(name)
  const there = guild === 'guild_id' || (guild && isAsked(guild)) ? withAt(example, guild, '1') : example
  return [...(guild === 'channel_id' ? [guild] : []), ...channels].reduce(
    (payload: object, path) => withAt(payload, path, '11'),
    there,
  )
}

describe('a command', () => {
  /** What it is answered, and what was run. */
  async function run(
    has: Partial<Scopes>,
    command: string,
    payload: unknown,
    guildOf: GuildOfChannel = guildOfChannel,
  ) {
    const ran: string[] = []
    const runner = withinScopes(
      async (name) => {
        ran.push(name)
        return 'done'
      },
      guildOf,
      () => null,
      askGuild,
    )
    const origin: CommandOrigin = { backend: tokenWith(has).backend, version: 2 }
    const error = await runner(command, payload, origin).then(
      () => null,
      (thrown: unknown) => thrown as LinkError,
    )
    return { error, ran }
  }

  it.each(NAMES)('%s: of the scopes’ guild and by its name, and no other', async (name) => {
    const { guild, channels = [], namedOnly } = definitionOf(name)
    const payload = exampleOf(name)
    const open = { error: null, ran: [name] }
    const has = namedOnly ? { commands: new Set(['*', name]) } : {}
    expect(await run(has, name, payload)).toEqual(open)
    expect(await run({ commands: new Set([name]) }, name, payload)).toEqual(open)

    const others = new Set(NAMES.filter((one) => one !== name))
    const unnamed = await run({ commands: others }, name, payload)
    expect(unnamed).toMatchObject({ error: { code: 'FORBIDDEN', issues: [{ path: 'data.command' }] }, ran: [] })

    const [own, foreign] = [
      await run({ ...has, guilds: new Set(['1']) }, name, payload),
      await run({ ...has, guilds: new Set(['2']) }, name, payload),
    ]
    // Whoever has the secret was told it for that place alone.
    const isOpen = name === 'list_commands' || guild === 'interaction_token' || guild === 'webhook_token'
    if (isOpen) expect([own, foreign]).toEqual([open, open])
    else {
      if (guild !== null) expect(own).toEqual(open)
      // What is known is refused before Discord is asked.
      const place = guild !== null && isAsked(guild) ? (channels[0] ?? guild) : guild
      const path = place === null ? 'data.command' : `data.payload.${place}`
      expect(foreign).toMatchObject({ error: { code: 'FORBIDDEN', issues: [{ path }] }, ran: [] })
      expect(foreign.error?.message).toContain(path)
    }
    for (const path of channels) {
      const elsewhere = await run({ guilds: new Set(['1']) }, name, withAt(payload, path, '22'))
      const issues = [{ path: guild === null ? 'data.command' : `data.payload.${path}` }]
      if (!isOpen) expect(elsewhere).toMatchObject({ error: { code: 'FORBIDDEN', issues }, ran: [] })
    }
    if (guild === null || isOpen) return
    // Of a channel that nobody knows it is not known whose it is.
    const unknown = await run({ guilds: new Set(['1', '2']) }, name, { ...payload, [guild]: '99' })
    expect(unknown).toMatchObject({ error: { code: 'FORBIDDEN' }, ran: [] })
    expect(unknown.error?.message).toBe(
      (await run({ guilds: new Set(['1']) }, name, { ...payload, [guild]: isAsked(guild) ? '2' : '22' })).error
        ?.message,
    )
  })

  it.each([null, new Set(['*'])])(
    'discord_api is in no wildcard, and for no token of some servers: %j',
    async (wildcard) => {
      const { example } = commands.discord_api
      const refused = (path: string) => ({ error: { code: 'FORBIDDEN', issues: [{ path }] }, ran: [] })
      expect(await run({ commands: wildcard }, 'discord_api', example)).toMatchObject(refused('data.command'))
      expect(await run({ commands: wildcard }, 'get_status', {})).toMatchObject({ error: null })
      const named = { commands: new Set([...(wildcard ?? []), 'discord_api']) }
      expect(await run(named, 'discord_api', example)).toMatchObject({ error: null, ran: ['discord_api'] })
      const limited = await run({ ...named, guilds: new Set(['197038439483310086']) }, 'discord_api', example)
      expect(limited).toMatchObject(refused('data.command'))
    },
  )

  it('for a channel that only Discord knows is held to the guild that it says, with the same words for all others', async () => {
    const asked: string[] = []
    const runner = withinScopes(
      async () => 'done',
      guildOfChannel,
      () => null,
      async ({ kind, id }, { begunAt }) => {
        expect([kind, begunAt]).toEqual(['channel', expect.any(Number)])
        asked.push(id)
        return { '111': '1', '222': '2' }[id] ?? null
      },
    )
    const origin: CommandOrigin = { backend: tokenWith({ guilds: new Set(['1']) }).backend, version: 2 }
    const get = async (channel_id: string) =>
      await runner('get_channel', { channel_id }, origin).catch((error: unknown) => (error as LinkError).message)
    expect(await get('11')).toBe('done')
    expect(await get('111')).toBe('done')
    const [known, ...unknown] = [await get('22'), await get('222'), await get('99')]
    expect(known).toContain('Not allowed')
    expect(unknown).toEqual([known, known])
    expect(asked).toEqual(['111', '222', '99'])
  })

  it('for a channel that is not known while not all guilds are can be tried again', async () => {
    const payload = { channel_id: '99', content: 'x' }
    const { error, ran } = await run({ guilds: new Set(['1']) }, 'send_message', payload, () => undefined)
    expect(error).toMatchObject({ code: 'DISCORD_UNAVAILABLE', retryable: true })
    expect(ran).toEqual([])
  })

  it('list_commands lists those that the token may use, and by which field each says its guild', async () => {
    const listed = async (has: Partial<Scopes>) => {
      const { commands: found } = await listCommands({}, { backend: tokenWith(has).backend } as HandlerContext)
      return found.map(({ name }) => name)
    }
    expect(await listed({})).toEqual(WILD)
    expect(await listed({ commands: new Set(['*', 'discord_api']) })).toEqual(NAMES)
    expect(await listed({ commands: new Set(['get_status', 'list_commands']) })).toEqual([
      'get_status',
      'list_commands',
    ])
    const isBound = (name: CommandName) => commands[name].guild !== null || name === 'list_commands'
    expect(await listed({ guilds: new Set(['1']) })).toEqual(WILD.filter(isBound))
    const { commands: found } = await listCommands({}, { backend: tokenWith({}).backend } as HandlerContext)
    expect(found.map(({ name, guild }) => [name, guild])).toEqual(WILD.map((name) => [name, commands[name].guild]))
  })

  it('that does not exist, or is not one, is left to the runner, which says what is wrong', async () => {
    const has = { guilds: new Set(['1']), commands: new Set(['send_message']) }
    for (const name of ['send', 'toString', '__proto__']) expect((await run(has, name, {})).ran).toEqual([name])
    for (const payload of [null, {}, { channel_id: ['11'], content: 'x' }]) {
      expect((await run(has, 'send_message', payload)).ran).toEqual(['send_message'])
    }
  })
})
