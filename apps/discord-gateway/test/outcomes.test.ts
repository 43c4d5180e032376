import { LinkError, type CommandName } from '@repo/discord-integration/types'
import { MemoryLog, type NewDispatch } from '@repo/event-feed'
import type { APIMessage } from 'discord-api-types/v10'
import { describe, expect, it, vi } from 'vitest'
import type { CommandOrigin, LinkVersion } from '../src/command-origin.ts'
import { DiscordApi } from '../src/commands/discord-api.ts'
import { CreatedMessages } from '../src/commands/created-messages.ts'
import type { Handlers } from '../src/commands/handler.ts'
import { createCommandRunner } from '../src/commands/runner.ts'
import { StoredOutcomes } from '../src/commands/stored-outcomes.ts'
import { EVERY_SCOPE } from '../src/tokens/scopes.ts'
import { codeOf, handlersOf, memoryExpiring } from './helpers.ts'

const MINUTE_MS = 60_000
const payload = { channel_id: '42', content: 'Hello!' }
const origin = (version: LinkVersion): CommandOrigin => ({
  backend: { id: 'b', name: 'web', scopes: EVERY_SCOPE },
  version,
  requestId: 'r',
})

const logOf = () => new MemoryLog({ maxAgeMs: 60 * MINUTE_MS, maxBytes: 1e9 })

const created = (id: string, more: object = {}, ts = Date.now()): NewDispatch => {
  const message = JSON.stringify({ id, channel_id: '42', ...more })
  return { kind: 'dispatch', event: 'MESSAGE_CREATE', guildId: '1', payload: message, ts }
}

/** What is written down of commands, a clock, and a process after the other over them. */
function start() {
  const clock = { now: Date.now() }
  const now = () => clock.now
  const rows = memoryExpiring(now)
  const log = logOf()
  const process = (sendMessage: Handlers['send_message'], more: Partial<Handlers> = {}) =>
    createCommandRunner({
      handlers: { ...handlersOf(), send_message: sendMessage, ...more },
      discord: new DiscordApi({ token: 't', apiUrl: 'http://127.0.0.1:9/api' }),
      outcomes: new StoredOutcomes(rows),
      findCreated: (...wanted) => new CreatedMessages(log).find(...wanted),
      now,
    }).run
  return { clock, rows, log, process }
}

describe('what became of a command', () => {
  it.each([
    [1, 5 * MINUTE_MS],
    [2, 24 * 60 * MINUTE_MS],
  ] as const)('is kept in version %i for %i ms', async (version, keptMs) => {
    const { clock, process } = start()
    let sent = 0
    const run = process(async () => ({ success: true, message_id: String(++sent) }))
    const send = () => run('send_message', payload, origin(version))
    await send()
    clock.now += keptMs - 1
    expect(await send()).toEqual({ success: true, message_id: '1' })
    clock.now += 1
    expect(await send()).toEqual({ success: true, message_id: '2' })
  })

  it('is kept without what gives leave: a secret in its route, or what it says', async () => {
    const { rows, process } = start()
    const written: string[] = []
    rows.set = (key, value) => void written.push(key, value)
    const done = async () => ({ success: true as const })
    const run = process(() => Promise.reject(new Error('not asked')), {
      defer_interaction: done,
      execute_webhook: () => Promise.reject(new LinkError('OUTCOME_UNKNOWN', 'who knows')),
    })
    await run('defer_interaction', { interaction_id: '5', interaction_token: 'the-secret' }, origin(2))
    const hook = { webhook_id: '5', webhook_token: 'the-secret', content: 'the-secret' }
    await expect(run('execute_webhook', hook, { ...origin(2), requestId: 's' })).rejects.toThrow('who knows')
    expect(written).toHaveLength(12)
    expect(written.join(' ')).not.toContain('the-secret')
  })

  it('is written down after it was written down that it is begun', async () => {
    const { rows, process } = start()
    const happened: string[] = []
    const set = rows.set.bind(rows)
    rows.set = (key, value, until) => {
      happened.push((JSON.parse(value) as { outcome: unknown }).outcome === null ? 'begun' : 'kept')
      set(key, value, until)
    }
    const run = process(async () => {
      happened.push('done')
      return { success: true, message_id: '1' }
    })
    await run('send_message', payload, origin(2))
    expect(happened).toEqual(['begun', 'done', 'kept'])
  })
})

describe('a message of which nobody knows whether it was sent', () => {
  /** It is begun, and the process ends before it hears of it. */
  async function crashed() {
    const started = start()
    const { promise: nonce, resolve } = Promise.withResolvers<string>()
    const run = started.process((_input, context) => {
      resolve(context.nonce)
      return new Promise(() => {})
    })
    void run('send_message', payload, origin(2))
    let sent = 0
    const again = started.process(async () => ({ success: true, message_id: `again ${++sent}` }))
    return { ...started, nonce: await nonce, again: () => again('send_message', payload, origin(2)), sent: () => sent }
  }

  it('is put to Discord again for two minutes', async () => {
    const { clock, again } = await crashed()
    clock.now += 2 * MINUTE_MS - 1
    expect(await again()).toMatchObject({ message_id: 'again 1' })
  })

  it('is then looked up by its nonce in the log', async () => {
    const { clock, log, nonce, again, sent } = await crashed()
    await log.append([created('7', { nonce })])
    clock.now += 2 * MINUTE_MS
    expect(await again()).toEqual({ success: true, message_id: '7' })
    expect(sent()).toBe(0)
  })

  it('stays unknown where the log has none, however often it is asked for, and is not sent again', async () => {
    const { clock, again, sent } = await crashed()
    clock.now += 2 * MINUTE_MS
    for (let time = 0; time < 2; time++) await expect(again()).rejects.toMatchObject({ code: 'OUTCOME_UNKNOWN' })
    expect(sent()).toBe(0)
  })
})

it('what twice is as once is done again for two minutes where nobody knows, and is not when others may have done more since', async () => {
  const { clock, process } = start()
  let tries = 0
  const reacted = async () => {
    tries += 1
    throw new LinkError('OUTCOME_UNKNOWN', 'who knows')
  }
  const run = process(() => Promise.reject(new Error('not asked')), { add_reaction: reacted })
  const react = () => run('add_reaction', { channel_id: '42', message_id: '7', emoji: '🔥' }, origin(2))
  const tried = async () => {
    await expect(react()).rejects.toMatchObject({ code: 'OUTCOME_UNKNOWN' })
    return tries
  }
  expect(await tried()).toBe(1)
  clock.now += 2 * MINUTE_MS - 1
  expect(await tried()).toBe(2)
  clock.now += 1
  expect(await tried()).toBe(2)
  clock.now += 20 * 60 * MINUTE_MS
  expect(await tried()).toBe(2)
})

it.each([
  ['GET', 'is done each time', [1, 2], [1, 2]],
  ['POST', 'is done once', [1, 1], [1, 1]],
  ['PUT', 'is done again where nobody knows, unless something else was done there', [1, 1], [1, 2]],
] as const)('a %s of discord_api %s', async (method, _what, known, unknown) => {
  for (const [isKnown, expected] of [
    [true, known],
    [false, unknown],
  ] as const) {
    const { process } = start()
    const tried: string[] = []
    const run = process(() => Promise.reject(new Error('not asked')), {
      discord_api: async ({ path }, { repeatable }) => {
        tried.push(path)
        expect(repeatable).toBe({ GET: 'read', POST: 'no', PUT: 'idempotent' }[method])
        if (!isKnown) throw new LinkError('OUTCOME_UNKNOWN', 'who knows')
        return { success: true, status: 200, body: null }
      },
    })
    const ask = (id: string) =>
      codeOf(run('discord_api', { method, path: '/channels/42' }, { ...origin(2), requestId: id }))
    const counts: number[] = []
    for (let time = 0; time < 2; time++) {
      await ask('r')
      counts.push(tried.length)
    }
    expect(counts).toEqual(expected)
    if (method !== 'PUT' || isKnown) continue
    await ask('another')
    await ask('r')
    expect(tried).toHaveLength(3)
  }
})

const edit = { channel_id: '42', message_id: '7', content: 'A' }
const others: [string, CommandName, object, Partial<CommandOrigin>][] = [
  ['an edit of another backend', 'edit_message', edit, { backend: { ...origin(2).backend, id: 'c' } }],
  ['an edit without an id', 'edit_message', { ...edit, content: 'B' }, { version: 1, requestId: undefined }],
  ['its deletion', 'delete_message', { channel_id: '42', message_id: '7' }, { requestId: 's' }],
]
it.each(others)('what nobody knows is done no more over %s', async (_, name, other, by) => {
  const { process } = start()
  let edits = 0
  const run = process(() => Promise.reject(new Error('not asked')), {
    edit_message: async () => {
      edits += 1
      if (edits === 1) throw new LinkError('OUTCOME_UNKNOWN', 'who knows')
      return { success: true, message: {} as APIMessage }
    },
    delete_message: async () => ({ success: true }),
  })
  const first = () => run('edit_message', edit, origin(2))
  await expect(first()).rejects.toMatchObject({ code: 'OUTCOME_UNKNOWN' })
  await run('edit_message', { ...edit, message_id: '8' }, { ...origin(2), requestId: 'of another message' })
  await run(name, other, { ...origin(2), ...by })
  const before = edits
  await expect(first()).rejects.toMatchObject({ code: 'OUTCOME_UNKNOWN' })
  expect(edits).toBe(before)
})

it('what Discord has not answered is looked for no longer than the command may take, and what joins it is answered with it', async () => {
  const { clock, rows } = start()
  const deadlines: number[] = []
  const unknown = () => Promise.reject(new LinkError('OUTCOME_UNKNOWN', 'who knows'))
  const held = Promise.withResolvers<null>()
  const discord = new DiscordApi({ token: 't', apiUrl: 'http://127.0.0.1:9/api' })
  const { run } = createCommandRunner({
    discord,
    now: () => clock.now,
    handlers: { ...handlersOf(), send_message: unknown },
    outcomes: new StoredOutcomes(rows),
    findCreated: async (_nonce, _since, deadlineAt) => {
      deadlines.push(deadlineAt)
      return await held.promise
    },
  })
  await expect(run('send_message', payload, origin(2))).rejects.toMatchObject({ code: 'OUTCOME_UNKNOWN' })
  clock.now += 3 * MINUTE_MS
  const first = run('send_message', payload, origin(2))
  clock.now += 5_000
  const joined = run('send_message', payload, origin(2))
  held.resolve(null)
  for (const asked of [first, joined]) await expect(asked).rejects.toMatchObject({ code: 'OUTCOME_UNKNOWN' })
  expect(deadlines).toEqual([clock.now - 5_000 + discord.deadlineMs])
})

describe('of a command that was under way when the process ended', () => {
  const asked = { backend: 'web', command: 'send_message', guild: '1', channel: '42', requestId: 'r' }

  function processes() {
    const { rows, clock } = start()
    const now = () => clock.now
    /** Each over the rows of the one before. */
    const begin = () => {
      const outcomes = new StoredOutcomes(rows)
      const run = (sendMessage: Handlers['send_message'], own: CommandOrigin = origin(2)) => {
        const options = { handlers: { ...handlersOf(), send_message: sendMessage }, findCreated: async () => null, now }
        const discord = new DiscordApi({ token: 't', apiUrl: 'http://127.0.0.1:9/api' })
        const audit = { asked: () => ({ ...asked, requestId: own.requestId }), repeated: () => {} }
        return createCommandRunner({ ...options, discord, outcomes, audit }).run('send_message', payload, own)
      }
      const untold = () => {
        const told: object[] = []
        outcomes.tellUntold((one, begunAt) => told.push({ ...one, begunAt }))
        return told
      }
      /** Resolves when it has begun; it never ends. */
      const underWay = async (own?: CommandOrigin) => {
        const { promise, resolve } = Promise.withResolvers<void>()
        const never = new Promise<never>(() => {})
        void run(() => (resolve(), never), own)
        await promise
      }
      return { run, underWay, untold, outcomes }
    }
    return { begin, rows, clock }
  }

  it('the next is told once who asked for it and when', async () => {
    const { begin, clock } = processes()
    const begunAt = clock.now
    await begin().underWay()
    await begin().underWay({ ...origin(2), requestId: 'another' })
    clock.now += MINUTE_MS
    const next = begin()
    expect(next.untold()).toEqual([
      { ...asked, begunAt },
      { ...asked, requestId: 'another', begunAt },
    ])
    expect(begin().untold()).toEqual([])
    // That says nothing of what became of it: whoever asks finds out.
    expect(await next.run(async () => ({ success: true, message_id: '1' }))).toMatchObject({ message_id: '1' })
  })

  it('the next is told also where nobody can ask for it again, and where a second try was under way', async () => {
    const { begin, rows, clock } = processes()
    await begin().underWay({ ...origin(2), requestId: undefined })
    expect(begin().untold()).toEqual([{ ...asked, requestId: undefined, begunAt: clock.now }])
    await begin().underWay()
    expect(begin().untold()).toHaveLength(1)
    await begin().underWay()
    expect(begin().untold()).toHaveLength(1)
    expect(rows.beginningWith('{"asked":')).toEqual([])
  })

  it('the next is told nothing where it was told already: by its answer, or at an orderly end', async () => {
    const { begin, rows } = processes()
    const { run, underWay, outcomes } = begin()
    await run(async () => ({ success: true, message_id: '1' }))
    await run(async () => ({ success: true, message_id: '2' }), { ...origin(2), requestId: undefined })
    const refused = Promise.reject(new LinkError('MISSING_ACCESS', 'no'))
    await expect(run(() => refused, { ...origin(2), requestId: 'refused' })).rejects.toThrow('no')
    const undone = Promise.reject(new LinkError('DISCORD_UNAVAILABLE', 'away'))
    await expect(run(() => undone, { ...origin(2), requestId: 'undone' })).rejects.toThrow('away')
    expect(rows.beginningWith('{"asked":')).toEqual([])
    await underWay({ ...origin(2), requestId: 'abandoned' })
    outcomes.allTold()
    expect(begin().untold()).toEqual([])
  })

  it('the next is told again where it cannot be written down that it was, and starts all the same', async () => {
    const { begin, rows } = processes()
    await begin().underWay()
    const set = rows.set.bind(rows)
    rows.set = () => {
      throw new Error('the disk is full')
    }
    expect(begin().untold()).toHaveLength(1)
    rows.set = set
    expect(begin().untold()).toHaveLength(1)
    expect(begin().untold()).toEqual([])
  })
})

describe('the messages of the log', () => {
  const soon = () => Date.now() + MINUTE_MS

  it('are found by their nonce, not one that speaks of it, nor another event, nor an older one', async () => {
    const log = logOf()
    const since = Date.now() - MINUTE_MS
    await log.append([
      created('1', { nonce: 'the-nonce' }, since - MINUTE_MS),
      created('2', { content: '"nonce":"the-nonce"' }),
      created('3', { nonce: 'the-nonce-of-another' }),
      { ...created('4', { nonce: 'the-nonce' }), event: 'MESSAGE_UPDATE' },
    ])
    const messages = new CreatedMessages(log)
    expect(await messages.find('the-nonce', since, soon())).toBeNull()
    // Behind more than is read at once.
    await log.append(Array.from({ length: 1_200 }, (_, index) => created(String(1_000 + index))))
    await log.append([created('5', { nonce: 'the-nonce' })])
    expect(await messages.find('the-nonce', since, soon())).toBe('5')
  })

  it('are found also where they are stamped some seconds before the command: clocks are set', async () => {
    const log = logOf()
    const since = Date.now() - MINUTE_MS
    await log.append([created('1', { nonce: 'n' }, since - 4_000), created('2', {}, since)])
    expect(await new CreatedMessages(log).find('n', since, soon())).toBe('1')
  })

  it('are read once for all who ask at a time, and not again from where they were read', async () => {
    const log = logOf()
    await log.append(Array.from({ length: 2_000 }, (_, index) => created(String(index), { nonce: `n${index}` })))
    const read = vi.spyOn(log, 'read')
    const messages = new CreatedMessages(log)
    const wanted = Array.from({ length: 50 }, (_, index) => (index % 2 ? `n${index * 20}` : `none-${index}`))
    const found = await Promise.all(wanted.map((nonce) => messages.find(nonce, 0, soon())))
    expect(found).toEqual(wanted.map((nonce) => (nonce.startsWith('none') ? null : nonce.slice(1))))
    const once = read.mock.calls.length
    expect(once).toBeLessThan(10)
    expect(await messages.find('none-0', 0, soon())).toBeNull()
    expect(read.mock.calls.slice(once).map(([after]) => after)).toEqual([log.to])
  })

  it('that are not found in time are looked for on from there', async () => {
    const log = logOf()
    await log.append(Array.from({ length: 2_000 }, (_, index) => created(String(index))))
    await log.append([created('5', { nonce: 'the-nonce' })])
    const messages = new CreatedMessages(log)
    // A log that is read faster than a timer can be is read to its end in time.
    const [read, inTime] = [log.read.bind(log), Promise.withResolvers<undefined>()]
    const asked = vi.spyOn(log, 'read').mockImplementation(async (after, options) => {
      if (asked.mock.calls.length > 1) await inTime.promise
      return read(after, options)
    })
    expect(await messages.find('the-nonce', 0, Date.now() - 1)).toBeNull()
    inTime.resolve(undefined)
    expect(await messages.find('the-nonce', 0, soon())).toBe('5')
    const places = asked.mock.calls.map(([after]) => after)
    expect(places).toEqual([...new Set(places)].toSorted((a, b) => a - b))
  })
})
