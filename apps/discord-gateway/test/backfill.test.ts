import { EventFeed, guildIdOf, MemoryLog, type LogEntry, type NewGap } from '@repo/event-feed'
import { PermissionFlagsBits } from 'discord-api-types/v10'
import { describe, expect, it } from 'vitest'
import { Backfill, type BackfillOptions } from '../src/backfill/backfill.ts'
import { lastMessages, missedChannels } from '../src/backfill/plan.ts'
import { snowflakeAt } from '@repo/discord-integration/types'
import { DiscordApi } from '../src/commands/discord-api.ts'
import { answerJson, collectingLogger, fakeDiscord, memoryNotes } from './helpers.ts'

const BOT = '500'
const GUILD = '7'
const SHARD = { id: 0, count: 1 }
const { ViewChannel, ReadMessageHistory } = PermissionFlagsBits
const GAP: NewGap = { kind: 'gap', reason: 'upstream', shard: SHARD, fromTs: 1_000, toTs: 2_000, ts: 2_000 }

const channel = (id: string, lastMessageId: string | null, more: object = {}) => ({
  id,
  type: 0,
  last_message_id: lastMessageId,
  ...more,
})

const guild = (channels: object[], more: object = {}) => ({
  id: GUILD,
  owner_id: '1',
  roles: [{ id: GUILD, permissions: String(ViewChannel | ReadMessageHistory) }],
  members: [{ user: { id: BOT }, roles: [] }],
  channels,
  ...more,
})

const closedTo = (bit: bigint) => ({ permission_overwrites: [{ id: GUILD, type: 0, allow: '0', deny: String(bit) }] })

/** A feed over a Discord that has messages, and what the backfill makes of it. */
async function start(messages: Record<string, number[]>, options: Partial<BackfillOptions> = {}) {
  const asked: string[] = []
  const refused = new Map<string, number>()
  const fake = await fakeDiscord((request, response) => {
    const url = new URL(request.url ?? '', 'http://discord')
    const [, channelId = ''] = /channels\/(\d+)\/messages/.exec(url.pathname) ?? []
    asked.push(channelId)
    const failures = refused.get(channelId) ?? 0
    if (failures > 0) {
      refused.set(channelId, failures - 1)
      return answerJson(response, 503, { message: 'no', code: 0 })
    }
    const after = Number(url.searchParams.get('after'))
    const page = (messages[channelId] ?? []).filter((id) => id > after).slice(0, Number(url.searchParams.get('limit')))
    // Discord gives the newest of a page first.
    answerJson(
      response,
      200,
      page.toReversed().map((id) => ({ id: String(id), channel_id: channelId })),
    )
  })
  const log = new MemoryLog({ maxAgeMs: Infinity, maxBytes: Infinity })
  const feed = new EventFeed({ log })
  const notes = memoryNotes()
  const { logger, lines } = collectingLogger()
  const discord = new DiscordApi({ token: 't', apiUrl: fake.apiUrl })
  const create = (more: Partial<BackfillOptions> = {}) =>
    new Backfill({ feed, discord, notes, logger, requestEveryMs: 0, ...options, ...more })
  const publish = (event: string, payload: object) =>
    feed.publish(
      { kind: 'dispatch', event, guildId: guildIdOf(event, payload), payload: JSON.stringify(payload), ts: 1 },
      payload,
    )
  const restored = async () => {
    const { entries } = await log.read(0, {
      filter: { guilds: null, events: new Set(['MESSAGE_CREATE']), guildless: true },
      limit: 10_000,
      maxBytes: 1e9,
    })
    const backfilled = (entry: LogEntry) =>
      entry.kind === 'dispatch' && entry.backfilled
        ? [JSON.parse(entry.payload) as { id: string; channel_id: string; guild_id: string }]
        : []
    return entries.flatMap(backfilled)
  }
  return {
    feed,
    notes,
    asked,
    refused,
    lines,
    publish,
    create,
    restored,
    ids: async () => (await restored()).map(({ id }) => Number(id)),
    /** Fills, and resolves when that is done. */
    async fill(backfill: Backfill) {
      backfill.fill(SHARD.id)
      await expect.poll(() => notes.get('hole 0')).toBeNull()
      await backfill.close()
    },
    [Symbol.asyncDispose]: () => fake[Symbol.asyncDispose](),
  }
}

describe('the plan', () => {
  it('is the channels in which something was said since, newest activity first, readable ones only', async () => {
    await using setup = await start({})
    const { state } = setup.feed
    await setup.publish(
      'GUILD_CREATE',
      guild([channel('11', '100'), channel('12', '100'), channel('13', null)], {
        threads: [channel('21', '50', { type: 11, parent_id: '11', thread_metadata: {} })],
      }),
    )
    const last = lastMessages(state, SHARD)
    expect(last).toEqual({ 11: '100', 12: '100', 21: '50' })
    await setup.publish(
      'GUILD_CREATE',
      guild(
        [
          channel('11', '150'),
          channel('12', '100'),
          channel('13', '9000000000000000000'),
          channel('14', '400', { type: 15 }),
          channel('15', '9000000000000000001', closedTo(ViewChannel)),
          channel('16', '9000000000000000002', closedTo(ReadMessageHistory)),
        ],
        {
          threads: [
            channel('21', '120', { type: 11, parent_id: '11', thread_metadata: {} }),
            channel('22', '9000000000000000003', { type: 12, parent_id: '15', thread_metadata: {} }),
          ],
        },
      ),
    )
    const plan = missedChannels(state, SHARD, last, { since: 1_600_000_000_000, botId: BOT })
    expect(plan.map(({ channelId, after, newest }) => [channelId, after, newest])).toEqual([
      ['13', snowflakeAt(1_600_000_000_000), '9000000000000000000'],
      ['11', '100', '150'],
      ['21', '50', '120'],
    ])
    expect(missedChannels(state, { id: 1, count: 2 }, last, { since: 0, botId: BOT })).toEqual([])
    expect(missedChannels(state, SHARD, last, { since: 0, botId: 'another' })).toEqual([])
  })
})

describe('Backfill', () => {
  it('appends what is missing once, in order, with its guild, and not what is there or was deleted', async () => {
    await using setup = await start({ 11: [101, 102, 103, 104, 105, 106] })
    await setup.publish('GUILD_CREATE', guild([channel('11', '101')]))
    const backfill = setup.create()
    backfill.begin(GAP, BOT)
    await setup.feed.publish(GAP)
    await setup.publish('GUILD_CREATE', guild([channel('11', '105')]))
    await setup.publish('MESSAGE_CREATE', { id: '103', channel_id: '11', guild_id: GUILD })
    await setup.publish('MESSAGE_DELETE', { id: '104', channel_id: '11', guild_id: GUILD })
    await setup.publish('MESSAGE_CREATE', { id: '106', channel_id: '11', guild_id: GUILD })
    await setup.fill(backfill)
    expect(await setup.restored()).toEqual([
      { id: '102', channel_id: '11', guild_id: GUILD },
      { id: '105', channel_id: '11', guild_id: GUILD },
    ])
    expect(setup.lines.join('')).not.toContain('"left"')
  })

  it('reads page after page, the channels in turn, within its budget, and says what it left', async () => {
    const odd = Array.from({ length: 350 }, (_, index) => 1_001 + index * 2)
    const even = odd.map((id) => id - 1)
    await using setup = await start({ 11: odd, 12: even }, { requestsMax: 5 })
    await setup.publish('GUILD_CREATE', guild([channel('11', '999'), channel('12', '999')]))
    const backfill = setup.create()
    backfill.begin(GAP, BOT)
    await setup.publish('GUILD_CREATE', guild([channel('11', '1699'), channel('12', '1698')]))
    await setup.fill(backfill)
    expect(setup.asked).toEqual(['11', '12', '11', '12', '11'])
    expect(await setup.ids()).toHaveLength(500)
    expect(setup.lines.join('')).toContain('"messages":500,"requests":5,"left":2')
  })

  it('goes on where the process before it ended, and nothing comes twice', async () => {
    const many = Array.from({ length: 250 }, (_, index) => index + 1_000)
    await using setup = await start({ 11: many })
    await setup.publish('GUILD_CREATE', guild([channel('11', '999')]))
    // Slow enough to be ended between its pages.
    const first = setup.create({ requestEveryMs: 500 })
    first.begin(GAP, BOT)
    await setup.publish('GUILD_CREATE', guild([channel('11', '1249')]))
    first.fill(SHARD.id)
    await expect.poll(async () => (await setup.ids()).length).toBeGreaterThan(0)
    await first.close()
    expect(setup.notes.get('hole 0')).not.toBeNull()
    await setup.fill(setup.create())
    expect((await setup.ids()).sort((a, b) => a - b)).toEqual(many)
  })

  it('takes a second hole for one with the first that was not filled', async () => {
    await using setup = await start({ 11: [101, 102, 103] })
    await setup.publish('GUILD_CREATE', guild([channel('11', '100')]))
    const backfill = setup.create()
    backfill.begin(GAP, BOT)
    await setup.publish('GUILD_CREATE', guild([channel('11', '102')]))
    backfill.begin({ ...GAP, fromTs: 5_000 }, BOT)
    await setup.publish('GUILD_CREATE', guild([channel('11', '103')]))
    await setup.fill(backfill)
    expect(await setup.ids()).toEqual([101, 102, 103])
  })

  it('fills a second hole that began while it filled the first, and does not leave it to the next session', async () => {
    const messages: Record<string, number[]> = { 11: [101, 102] }
    await using setup = await start(messages)
    await setup.publish('GUILD_CREATE', guild([channel('11', '100')]))
    const backfill = setup.create({ requestEveryMs: 50 })
    backfill.begin(GAP, BOT)
    await setup.publish('GUILD_CREATE', guild([channel('11', '101'), channel('12', '201')]))
    messages['12'] = [201]
    backfill.fill(SHARD.id)
    backfill.begin({ ...GAP, fromTs: 5_000 }, BOT)
    await setup.publish('GUILD_CREATE', guild([channel('11', '102'), channel('12', '201')]))
    backfill.fill(SHARD.id)
    await expect.poll(() => setup.notes.get('hole 0')).toBeNull()
    await backfill.close()
    expect(await setup.ids()).toContain(102)
  })

  it('asks again where Discord fails, and passes over what it refuses', async () => {
    await using setup = await start({ 11: [101], 12: [201] })
    setup.refused.set('11', 2)
    setup.refused.set('12', 99)
    await setup.publish('GUILD_CREATE', guild([channel('11', '100'), channel('12', '200')]))
    const backfill = setup.create()
    backfill.begin(GAP, BOT)
    await setup.publish('GUILD_CREATE', guild([channel('11', '101'), channel('12', '201')]))
    backfill.fill(SHARD.id)
    await expect.poll(() => setup.notes.get('hole 0'), { timeout: 20_000 }).toBeNull()
    expect(await setup.ids()).toEqual([101])
    expect(setup.lines.join('')).toContain('"left":1')
  }, 30_000)
})
