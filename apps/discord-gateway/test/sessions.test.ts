import { ApplicationFlags, GatewayIntentBits } from 'discord-api-types/v10'
import { EventFeed, MemoryLog } from '@repo/event-feed'
import { describe, expect, it } from 'vitest'
import { DiscordApi } from '../src/commands/discord-api.ts'
import { allowedIntents, askIntents } from '../src/sessions/intents.ts'
import { publishDispatch } from '../src/sessions/publish.ts'
import { createSessionStore } from '../src/sessions/session-store.ts'
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
