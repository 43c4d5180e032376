import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ApplicationFlags, GatewayIntentBits } from 'discord-api-types/v10'
import { EventFeed, MemoryLog, type NewDispatch, type NewGap } from '@repo/event-feed'
import { describe, expect, it, vi } from 'vitest'
import { DiscordApi } from '../src/commands/discord-api.ts'
import { Continuity } from '../src/sessions/continuity.ts'
import { allowedIntents, askIntents } from '../src/sessions/intents.ts'
import { publishDispatch, publishReady } from '../src/sessions/publish.ts'
import { createSessionStore, intentsOf } from '../src/sessions/session-store.ts'
import { openStorage } from '../src/storage.ts'
import { answerJson, collectingLogger, fakeDiscord, memoryNotes } from './helpers.ts'

const privileged = GatewayIntentBits.GuildMembers | GatewayIntentBits.GuildPresences | GatewayIntentBits.MessageContent

describe('allowedIntents', () => {
  it('is all that needs no switch, when none is on', () => {
    const intents = allowedIntents(0)
    expect(intents & privileged).toBe(0)
    expect(intents & GatewayIntentBits.Guilds).not.toBe(0)
    expect(intents & GatewayIntentBits.DirectMessagePolls).not.toBe(0)
  })

  it.each([
    [ApplicationFlags.GatewayGuildMembers, GatewayIntentBits.GuildMembers],
    [ApplicationFlags.GatewayGuildMembersLimited, GatewayIntentBits.GuildMembers],
    [ApplicationFlags.GatewayPresenceLimited, GatewayIntentBits.GuildPresences],
    [ApplicationFlags.GatewayMessageContentLimited, GatewayIntentBits.MessageContent],
  ])('flag %i adds intent %i alone', (flag, intent) => {
    expect(allowedIntents(flag) & privileged).toBe(intent)
  })
})

describe('askIntents', () => {
  it('asks again until Discord answers', async () => {
    let calls = 0
    await using fake = await fakeDiscord((_request, response) => {
      if (++calls <= 2) response.writeHead(503).end()
      else answerJson(response, 200, { id: '1', flags: ApplicationFlags.GatewayMessageContentLimited })
    })
    const { logger, lines } = collectingLogger()
    const discord = new DiscordApi({ token: 't', apiUrl: fake.apiUrl })
    const intents = await askIntents(discord, logger, new AbortController().signal)
    expect(intents & privileged).toBe(GatewayIntentBits.MessageContent)
    expect(fake.requests.at(-1)?.path).toBe('/api/v10/applications/@me')
    expect(lines.join('')).toContain('asking again')
  })

  it('gives up on a refusal', async () => {
    await using fake = await fakeDiscord((_request, response) => answerJson(response, 401, { message: 'no', code: 0 }))
    const discord = new DiscordApi({ token: 't', apiUrl: fake.apiUrl })
    const asked = askIntents(discord, collectingLogger().logger, new AbortController().signal)
    await expect(asked).rejects.toMatchObject({ status: 401 })
  })
})

describe('intentsOf', () => {
  const session = (intents: number, shardCount = 1) => ({
    sessionId: 's',
    resumeUrl: 'wss://discord.example',
    botId: '7',
    apiOrigin: 'https://discord.example',
    intents,
    shardCount,
  })

  it('is what the sessions of all shards have, and null while one of them has none', () => {
    const sessions = createSessionStore({ sequence: () => null }, memoryNotes())
    expect(intentsOf(sessions)).toBeNull()
    sessions.save(0, session(0b11))
    expect(intentsOf(sessions)).toBe(0b11)
    sessions.save(0, session(0b11, 2))
    expect(intentsOf(sessions)).toBeNull()
    sessions.save(1, session(0b110, 2))
    expect(intentsOf(sessions)).toBe(0b10)
  })
})

describe('publishDispatch', () => {
  it('stores the payload’s text and the sequence, from which the session is resumed', async () => {
    const log = new MemoryLog({ maxAgeMs: 60_000, maxBytes: 1024 * 1024 })
    const feed = new EventFeed({ log })
    const sessions = createSessionStore(log, memoryNotes())
    const raw = '{"guild_id":"7","n":1.0}'
    const event = {
      type: 'TYPING_START',
      data: JSON.parse(raw) as unknown,
      raw,
      shardId: 0,
      sessionId: 'abc',
      sequence: 41,
      receivedAt: Date.now(),
    } as const
    expect(sessions.sequence(0, 'abc')).toBeNull()
    await publishDispatch(feed, event)
    await publishDispatch(feed, event)
    expect(sessions.sequence(0, 'abc')).toBe(41)
    const { entries } = await log.read(log.from, {
      filter: { guilds: new Set(['7']), events: null, guildless: false },
      limit: 10,
      maxBytes: 1e6,
    })
    expect(entries).toMatchObject([{ event: 'TYPING_START', payload: raw, ts: event.receivedAt }])
    await feed.close()
  })
})

describe('the hole before a READY', () => {
  it('begins where Discord was heard live last, not where it was replaying what it did not come to the end of', async () => {
    const feed = new EventFeed({ log: new MemoryLog({ maxAgeMs: 60_000, maxBytes: 1024 * 1024 }) })
    const continuity = new Continuity(feed, memoryNotes())
    const event = (sequence: number, receivedAt: number) => {
      return { type: 'TYPING_START', data: {}, raw: '{}', shardId: 0, sessionId: 'a', sequence, receivedAt } as const
    }
    await publishDispatch(feed, event(1, 1_000))
    await publishDispatch(feed, { ...event(2, 61_000), replayed: true })
    const ready = { ...event(1, 90_000), type: 'READY', sessionId: 'b', data: { shard: [0, 1] } } as const
    expect(continuity.before(ready)).toMatchObject({ fromTs: 1_000, toTs: 90_000 })
    // The same within a session of which the log alone knows until when nothing was missing.
    const missing = { after: 2, since: null }
    expect(continuity.within({ ...event(4, 95_000), missing }, 1)).toMatchObject({ fromTs: 1_000, toTs: 95_000 })
    await feed.close()
  })
})

describe('the hole before a READY of other shards', () => {
  it.each(['that end before all have one', 'that end so, and have said until when they were connected'])(
    'begins where the guilds were heard of, also after sessions %s',
    async (what) => {
      const feed = new EventFeed({ log: new MemoryLog({ maxAgeMs: 1e15, maxBytes: 1e9 }) })
      const notes = memoryNotes()
      const ready = (shard: [id: number, count: number], sessionId: string, receivedAt: number) => {
        const data = { shard, guilds: [] }
        const place = { shardId: shard[0], sessionId, sequence: 1, receivedAt }
        return { type: 'READY', data, raw: JSON.stringify(data), ...place } as const
      }
      const gaps: (NewGap | null)[] = []
      /** In a process of its own, and so is each that follows. */
      const begin = async (...event: Parameters<typeof ready>) => {
        const continuity = new Continuity(feed, notes)
        gaps.push(continuity.before(ready(...event)))
        await publishReady(feed, continuity, ready(...event), () => {})
        return continuity
      }
      const status = { state: 'ready', since: 0, pingMs: null, sessionId: null } as const
      await begin([0, 1], 'a', 1_000)
      await publishDispatch(feed, { ...ready([0, 1], 'a', 2_000), type: 'RESUMED', sequence: 2 })
      const second = await begin([0, 2], 'b', 5_000)
      if (what !== 'that end before all have one') {
        second.seen([
          { ...status, id: 0, heardAt: 6_000 },
          { ...status, id: 1, heardAt: null },
        ])
      }
      await begin([1, 2], 'c', 9_000)
      await begin([0, 2], 'd', 10_000)
      const heard = what === 'that end before all have one' ? 5_000 : 6_000
      expect(gaps.map((gap) => gap && [gap.fromTs, gap.toTs])).toEqual([
        null,
        [2_000, 5_000],
        [2_000, 9_000],
        [heard, 10_000],
      ])
      await feed.close()
    },
  )
})

describe('a state that is restored', () => {
  it('is none to open with before each shard has told of its guilds', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'sessions-'))
    const open = () =>
      openStorage({
        dataDir,
        discordApiUrl: 'https://discord.example/api',
        discordToken: 'MQ.x.y',
        retentionMs: 3_600_000,
        retentionBytes: 4 * 1024 * 1024,
        logger: collectingLogger().logger,
        onDamage: () => {},
        onStored: () => {},
        onBroken: () => {},
      })
    const restored: boolean[] = []
    for (const shard of [[0, 2] as const, [1, 2] as const]) {
      const storage = await open()
      restored.push(storage.restored)
      const data = { shard, guilds: [] }
      const place = { shardId: shard[0], sessionId: `s ${shard[0]}`, sequence: 1, receivedAt: 1_000 }
      const ready = { type: 'READY', data, raw: JSON.stringify(data), ...place } as const
      await publishReady(storage.feed, new Continuity(storage.feed, storage.log.notes), ready, () => {})
      await storage.close()
    }
    const storage = await open()
    expect([...restored, storage.restored]).toEqual([false, false, true])
    await storage.close()
    rmSync(dataDir, { recursive: true })
  })
})

describe('publishReady', () => {
  const entry = (event: string, guildId: string): NewDispatch => ({
    kind: 'dispatch',
    event,
    guildId,
    payload: JSON.stringify({ id: guildId }),
    ts: 1,
  })

  it('stores a READY together with the guilds that it lists no longer, or nothing of it', async () => {
    const log = new MemoryLog({ maxAgeMs: 1e15, maxBytes: 1e9 })
    const feed = new EventFeed({ log })
    await feed.publish(entry('GUILD_CREATE', '1'))
    await feed.publish(entry('GUILD_CREATE', '2'))
    const data = { session_id: 'abc', guilds: [{ id: '1' }], shard: [0, 1] }
    const ready = {
      type: 'READY',
      data,
      raw: JSON.stringify(data),
      shardId: 0,
      sessionId: 'abc',
      sequence: 1,
      receivedAt: 2,
    } as const
    const continuity = new Continuity(feed, memoryNotes())
    // The log fails at its second append, once as much of another shard's is in the way as fits the first.
    const append = log.append.bind(log)
    let appends = 0
    const failing = vi.spyOn(log, 'append').mockImplementation(async (entries) => {
      if (++appends === 2) throw new Error('the disk is full')
      return await append(entries)
    })
    const others = Array.from({ length: 511 }, () => feed.publish(entry('TYPING_START', '1')))
    const taken = publishReady(feed, continuity, ready, () => {})
    await expect(taken).rejects.toThrow('the disk is full')
    await Promise.all(others)
    expect(log.sequence(0, 'abc')).toBeNull()
    expect([...feed.state.guildIds()]).toEqual(['1', '2'])

    failing.mockRestore()
    await publishReady(feed, continuity, ready, () => {})
    expect(log.sequence(0, 'abc')).toBe(1)
    expect([...feed.state.guildIds()]).toEqual(['1'])
    await feed.close()
  })
})
