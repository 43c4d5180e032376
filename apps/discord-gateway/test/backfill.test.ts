import { ALL_ENTRIES, EventFeed, guildIdOf, MemoryLog, type LogEntry, type NewGap } from '@repo/event-feed'
import { PermissionFlagsBits } from 'discord-api-types/v10'
import { describe, expect, it } from 'vitest'
import { Backfill, type BackfillOptions } from '../src/backfill/backfill.ts'
import { lastMessages, planOf } from '../src/backfill/plan.ts'
import { snowflakeAt } from '@repo/discord-integration/types'
import { DiscordApi } from '../src/commands/discord-api.ts'
import { answerJson, collectingLogger, fakeDiscord, memoryNotes } from './helpers.ts'

const DISCORD_EPOCH = 1_420_070_400_000
const BOT = '500'
const GUILD = '7'
const SHARD = { id: 0, count: 1 }
const { ViewChannel, ReadMessageHistory } = PermissionFlagsBits
const GAP: NewGap = { kind: 'gap', reason: 'upstream', shard: SHARD, fromTs: 1_000, toTs: 2_000, ts: 2_000 }

const channel = (id: string, lastMessageId: string | null, more: object = {}) => ({
  id,
  type: 0,
  permission_overwrites: [],
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
async function start(
  messages: Record<string, number[]>,
  { logBytes = Infinity, ...options }: Partial<BackfillOptions> & { logBytes?: number } = {},
) {
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
  const log = new MemoryLog({ maxAgeMs: Infinity, maxBytes: logBytes })
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
    const { entries } = await log.read(log.from, {
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
    async fill(backfill: Backfill, timeout = 1_000) {
      backfill.fill(SHARD.id)
      await expect.poll(() => notes.get('hole 0'), { timeout }).toBeNull()
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
    const plan = planOf(state, SHARD, last, { since: 1_600_000_000_000, botId: BOT })
    expect(plan.missed.map(({ channelId, after, newest }) => [channelId, after, newest])).toEqual([
      ['13', snowflakeAt(1_600_000_000_000), '9000000000000000000'],
      ['11', '100', '150'],
      ['21', '50', '120'],
    ])
    // What is said where the bot may look and not look back stays unknown; what it may not see is none of its business.
    expect(plan.closed).toEqual([{ guildId: GUILD, channelId: '16' }])
    const none = { missed: [], closed: [] }
    expect(planOf(state, { id: 1, count: 2 }, last, { since: 0, botId: BOT })).toEqual(none)
    expect(planOf(state, SHARD, last, { since: 0, botId: 'another' })).toEqual(none)
  })

  it('leaves out guilds that are down, whose state is an old one or none', async () => {
    await using setup = await start({})
    await setup.publish('GUILD_CREATE', guild([channel('11', '100')]))
    await setup.publish('READY', { guilds: [{ id: GUILD }, { id: '8' }, { id: '9' }], shard: [0, 1] })
    await setup.publish('GUILD_DELETE', { id: '9', unavailable: true })
    const { closed } = planOf(setup.feed.state, SHARD, {}, { since: 0, botId: BOT })
    expect(closed.map(({ guildId }) => guildId).sort()).toEqual([GUILD, '8', '9'])
    await setup.publish('GUILD_DELETE', { id: GUILD, unavailable: true })
    expect(planOf(setup.feed.state, SHARD, {}, { since: 0, botId: BOT }).closed).toContainEqual({
      guildId: GUILD,
      channelId: null,
    })
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

  it('repeats nothing though what it restored has left the log, nor what came meanwhile', async () => {
    const many = Array.from({ length: 400 }, (_, index) => index + 1_000)
    const messages = { 11: many }
    // Holds some dozens of messages.
    await using setup = await start(messages, { logBytes: 12_000 })
    const told: string[] = []
    setup.feed.subscribe({
      lastEventId: null,
      filter: { guilds: null, events: new Set(['MESSAGE_CREATE']), guildless: false },
      sink: {
        write({ items }) {
          for (const item of items) if (item.kind === 'entry') told.push(JSON.parse(item.entry.payload).id as string)
          return true
        },
      },
    })
    await setup.publish('GUILD_CREATE', guild([channel('11', '999')]))
    const first = setup.create({ requestEveryMs: 100 })
    first.begin(GAP, BOT)
    await setup.publish('GUILD_CREATE', guild([channel('11', '1399')]))
    first.fill(SHARD.id)
    await expect.poll(() => told.length).toBeGreaterThan(150)
    await first.close()
    expect(told.length).toBeLessThan(400)
    const live = Array.from({ length: 100 }, (_, index) => String(index + 1_400))
    for (const id of live) {
      await setup.publish('MESSAGE_CREATE', { id, channel_id: '11', guild_id: GUILD })
      many.push(Number(id))
    }
    await setup.fill(setup.create())
    expect(told.map(Number).sort((a, b) => a - b)).toEqual(many)
    expect(setup.asked).toHaveLength(4)
    expect(setup.notes.get('hole 0 progress')).toBeNull()
  })

  it('keeps within its budget over a restart', async () => {
    const many = Array.from({ length: 400 }, (_, index) => index + 1_000)
    await using setup = await start({ 11: many }, { requestsMax: 3 })
    await setup.publish('GUILD_CREATE', guild([channel('11', '999')]))
    const first = setup.create({ requestEveryMs: 500 })
    first.begin(GAP, BOT)
    await setup.publish('GUILD_CREATE', guild([channel('11', '1399')]))
    first.fill(SHARD.id)
    await expect.poll(() => setup.notes.get('hole 0 progress')).not.toBeNull()
    await first.close()
    await setup.fill(setup.create())
    expect(setup.asked).toHaveLength(3)
  })

  it('says in a gap of its own, guild by guild, what it could not restore', async () => {
    const many = Array.from({ length: 150 }, (_, index) => index + 1_000)
    await using setup = await start({ 11: many, 12: [1_000] }, { requestsMax: 2 })
    await setup.publish('GUILD_CREATE', guild([channel('11', '999'), channel('12', '999'), channel('13', '999')]))
    const backfill = setup.create()
    backfill.begin(GAP, BOT)
    await setup.feed.publish(GAP)
    await setup.publish('READY', { guilds: [{ id: GUILD }, { id: '8' }], shard: [0, 1] })
    await setup.publish('GUILD_DELETE', { id: '8', unavailable: true })
    const closed = channel('13', '1000', closedTo(ReadMessageHistory))
    await setup.publish('GUILD_CREATE', guild([channel('11', '1149'), channel('12', '1000'), closed]))
    await setup.fill(backfill)
    const said: unknown[] = []
    for (const guilds of [new Set([GUILD]), new Set(['8']), new Set(['10'])]) {
      const { promise: live, resolve } = Promise.withResolvers<void>()
      const gaps: unknown[] = []
      setup.feed.subscribe({
        lastEventId: `${setup.feed.log.epoch}-1`,
        filter: { guilds, events: null, guildless: false },
        sink: {
          write({ items }) {
            for (const { kind, ...item } of items) if (kind === 'sync' && 'data' in item) gaps.push(item.data)
            resolve()
            return true
          },
        },
      })
      await live
      said.push(gaps.filter((data) => (data as { state: string }).state === 'gap'))
    }
    const gap = { state: 'gap', reason: 'upstream', from: 1_000, to: 2_000, shard: [0, 1], id: expect.any(String) }
    expect(said).toEqual([
      [gap, { ...gap, guild_id: GUILD, channels: ['11', '13'] }],
      [gap, { ...gap, guild_id: '8' }],
      [gap],
    ])
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

  it('tells what happened between two holes that it took for one no second time, and what is missing at the times of each', async () => {
    const inTheFirst = Number(snowflakeAt(DISCORD_EPOCH + 1_500))
    const first = { ...GAP, fromTs: DISCORD_EPOCH + 1_000, toTs: DISCORD_EPOCH + 2_000 }
    const second = { ...GAP, fromTs: DISCORD_EPOCH + 5_000, toTs: DISCORD_EPOCH + 6_000 }
    await using setup = await start({ 11: [101, 102, 103], 12: [201, 202], 13: [inTheFirst] })
    setup.refused.set('12', 99)
    await setup.publish('GUILD_CREATE', guild([channel('11', '100'), channel('12', '200')]))
    const backfill = setup.create()
    backfill.begin(first, BOT)
    await setup.publish('GUILD_CREATE', guild([channel('11', '101'), channel('12', '202')]))
    await setup.publish('MESSAGE_CREATE', { id: '102', channel_id: '11', guild_id: GUILD, content: '' })
    backfill.begin(second, BOT)
    const made = channel('13', String(inTheFirst))
    await setup.publish('GUILD_CREATE', guild([channel('11', '103'), channel('12', '202'), made]))
    await setup.fill(backfill, 20_000)
    expect((await setup.ids()).toSorted((a, b) => a - b)).toEqual([101, 103, inTheFirst])
    const { entries } = await setup.feed.log.read(0, { filter: ALL_ENTRIES, limit: 100, maxBytes: 1e6 })
    const times = ({ fromTs, toTs }: NewGap) => ({ fromTs, toTs })
    expect(entries.filter((entry) => entry.kind === 'gap')).toMatchObject(
      [first, second].map((gap) => ({ guildId: GUILD, channels: ['12'], ...times(gap) })),
    )
  }, 30_000)

  it('takes a hole that is found again, since the READY behind it was not stored, for the same', async () => {
    await using setup = await start({ 11: [101], 12: [201] })
    setup.refused.set('12', 99)
    await setup.publish('GUILD_CREATE', guild([channel('11', '100'), channel('12', '200')]))
    const backfill = setup.create()
    for (const toTs of [2_000, 3_000, 4_000]) backfill.begin({ ...GAP, toTs }, BOT)
    await setup.publish('GUILD_CREATE', guild([channel('11', '101'), channel('12', '201')]))
    backfill.fill(SHARD.id)
    // Also while another is filled.
    for (const toTs of [6_000, 7_000]) backfill.begin({ ...GAP, fromTs: 5_000, toTs }, BOT)
    await expect.poll(() => setup.notes.get('hole 0'), { timeout: 20_000 }).toBeNull()
    await backfill.close()
    const { entries } = await setup.feed.log.read(0, { filter: ALL_ENTRIES, limit: 100, maxBytes: 1e6 })
    const gaps = entries.flatMap((entry) => (entry.kind === 'gap' ? [[entry.fromTs, entry.toTs]] : []))
    expect(gaps).toEqual([[GAP.fromTs, 4_000]])
    expect(setup.lines.filter((line) => line.includes('of the gap were restored'))).toHaveLength(2)
  }, 30_000)

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
