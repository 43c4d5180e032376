import { isDeepStrictEqual } from 'node:util'
import { cutGuild, sightOf } from '@repo/discord-permissions'
import { EventFeed, GuildState, MemoryLog } from '@repo/event-feed'
import type { FeedBatch, FeedSink, GuildPayload, Subscription } from '@repo/event-feed'
import { ChannelType } from 'discord-api-types/v10'
import { createParser } from 'eventsource-parser'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { comparable } from '../../../../packages/discord-permissions/test/lib/comparable.ts'
import { DiscordJs } from '../../../../packages/discord-permissions/test/lib/discord-js.ts'
import { isForOne } from '../../../../packages/discord-permissions/test/lib/oracle.ts'
import { acts, GUILD, MARK, NOW, USERS, World } from '../../../../packages/discord-permissions/test/lib/world.ts'
import type { Act, For, Told } from '../../../../packages/discord-permissions/test/lib/world.ts'
import type { Member } from '../../src/server/membership/membership.ts'
import { Viewers } from '../../src/server/sight/viewers.ts'
import type { Visit } from '../../src/server/sight/visit.ts'
import { plainOf } from './plain-of.ts'
import { StateMembership } from './state-membership.ts'

/*
 * Open streams of a guild in which permissions change at random. What each viewer is sent is held against discord.js, which
 * shares no code with ours; and what a viewer is sent must add up to what a snapshot says.
 */

const RUNS = 40

type Frame = { event: string; text: string; id: string | undefined }

/** A browser: it can stop reading, and come back with the id that it heard last. */
class Browser implements FeedSink {
  readonly userId: string
  readonly frames: Frame[] = []
  client = new GuildState()
  lastEventId: string | null = null
  isReading = true
  visit: Visit | null = null
  ended = false
  subscription: Subscription | null = null
  readonly #parser = createParser({
    onEvent: ({ event = '', data, id }) => {
      this.frames.push({ event, text: data, id })
      this.lastEventId = id ?? this.lastEventId
      if (event !== 'sync') this.client.apply(event, GUILD, JSON.parse(data))
    },
  })

  constructor(userId: string) {
    this.userId = userId
  }

  write(batch: FeedBatch): boolean {
    this.#take(plainOf(this.visit?.encode(batch)))
    return this.isReading
  }

  restate(): void {
    if (this.isReading && this.subscription?.lag === 0) this.#take(plainOf(this.visit?.takeRestatement()))
  }

  resume(): void {
    this.isReading = true
    this.subscription?.resume()
    this.restate()
  }

  #take(bytes: Buffer | undefined): void {
    if (bytes && !this.ended) this.#parser.feed(bytes.toString())
  }
}

class Model {
  readonly world: World
  readonly browsers = new Map<string, Browser>()
  readonly feed: EventFeed
  readonly #viewers: Viewers
  #position = 0

  constructor(seed: Parameters<World['tell']>[0] | undefined) {
    this.world = new World(seed)
    const log = new MemoryLog({ maxAgeMs: 60_000, maxBytes: 50_000_000, epoch: 'e', now: () => NOW })
    const membership = new StateMembership(() => this.feed.state)
    this.#viewers = new Viewers({ state: () => this.feed.state, log, membership, retentionMs: 60_000, now: () => NOW })
    this.feed = new EventFeed({ log, ready: false, witness: this.#viewers, pageEntries: 3 })
  }

  async begin(): Promise<void> {
    const state = new GuildState()
    state.apply('GUILD_CREATE', GUILD, structuredClone(this.world.guild.payload))
    await this.feed.restart({ epoch: 'e', position: 0 }, state, 'fresh')
    for (const userId of USERS) this.browsers.set(userId, new Browser(userId))
    await this.open()
  }

  /** Tells these as one, and waits until all who read have them. */
  async publish(...told: readonly Told[]): Promise<void> {
    await this.feed.publishAll(
      told.map(({ event, payload }) => {
        const text = JSON.stringify(payload)
        const entry = { kind: 'dispatch' as const, event, guildId: GUILD, payload: text, ts: NOW }
        return { entry: { ...entry, position: ++this.#position }, data: JSON.parse(text) as unknown }
      }),
    )
    await this.settled()
  }

  /** Whoever is a member and has no stream opens one. */
  async open(): Promise<void> {
    for (const browser of this.browsers.values()) {
      const { userId, lastEventId } = browser
      const member = this.feed.state.get(GUILD)?.collections.members.get(userId) as Member | undefined
      if (browser.visit || !member) continue
      const threads = new Set(this.#threadsOf(userId))
      const visit = this.#viewers.enter({ guildId: GUILD, userId, member, threads, lastEventId })
      Object.assign(browser, { visit, ended: false, isReading: true })
      visit.carrier = { shutOut: () => this.close(browser), restate: () => browser.restate() }
      const filter = { guilds: new Set([GUILD]), events: null, guildless: false }
      browser.subscription = this.feed.subscribe({ lastEventId, filter, sink: browser })
    }
    await this.settled()
  }

  close(browser: Browser): void {
    browser.ended = true
    browser.subscription?.close()
    if (browser.visit) this.#viewers.leave(browser.visit)
    browser.visit = null
  }

  async settled(): Promise<void> {
    const isBehind = ({ isReading, subscription, visit }: Browser) => visit && isReading && subscription?.lag !== 0
    do await new Promise((resolve) => setImmediate(resolve))
    while ([...this.browsers.values()].some(isBehind))
  }

  /** Everything that a viewer may see of the guild now. */
  snapshot(userId: string): GuildPayload | null {
    const guild = this.feed.state.get(GUILD)
    const member = guild?.collections.members.get(userId)
    if (!guild || !member) return null
    const sight = sightOf({ userId, member, threads: new Set(this.#threadsOf(userId)) }, guild, NOW)
    return sight && (cutGuild(guild, sight) as GuildPayload)
  }

  #threadsOf(userId: string): string[] {
    return [...this.world.threads].filter(([, { members }]) => members.has(userId)).map(([id]) => id)
  }
}

/** Who may read what at one moment, by discord.js. */
function oracle(world: World) {
  const theirs = new DiscordJs({ name: 'guild', features: [], ...forDiscordJs(world) }, NOW)
  return (userId: string, where: string, who: For): boolean => {
    if (!world.guild.collections.members.get(userId)) return false
    return isForOne(
      world,
      userId,
      { where, who },
      {
        in: (place, _, isThreadMember) => theirs.in(userId, String(place['id']), { isThreadMember }),
        everywhere: theirs.everywhere(userId),
      },
    )
  }
}

function forDiscordJs(world: World) {
  const { id, owner_id, roles, members, channels } = world.guild.payload
  const threads = Array.from(world.threads, ([thread, { parent, isPrivate }]) => ({
    id: thread,
    type: isPrivate ? ChannelType.PrivateThread : ChannelType.PublicThread,
    parent_id: parent,
    thread_metadata: { archived: false },
  }))
  return { id, owner_id, roles, members, channels, threads }
}

/** Plays the acts to the open streams, one event at a time, and calls after each. */
async function play(list: readonly Act[], after: (model: Model, told: Told | null) => void): Promise<void> {
  const model = new Model(list[0])
  await model.begin()
  after(model, null)
  for (const act of list) {
    const [kind, a, b, c] = act
    const browser = model.browsers.get(USERS[(a + b) % USERS.length] ?? '')
    // Some stop reading, some go away, and both come back.
    if (c % 9 === 0 && browser) browser.isReading = false
    else if (c % 9 === 1 && browser?.visit) model.close(browser)
    else if (c % 9 === 2 && browser?.isReading === false) browser.resume()
    else if (c % 9 === 3) await model.open()
    await model.settled()
    after(model, null)
    const told = model.world.tell([kind, a, b, c])
    if (!told) continue
    model.world.apply(told)
    await model.publish(told)
    after(model, told)
  }
  for (const browser of model.browsers.values()) browser.resume()
  await model.open()
  after(model, null)
}

const PLACE_RIGHTS: readonly For[] = ['view', 'read', 'history']

test('nothing reaches a browser that is not for its viewer, and nothing that is for them is kept back', async () => {
  await fc.assert(
    fc.asyncProperty(acts, async (list) => {
      const seen = new Map(USERS.map((id) => [id, new Set<string>()]))
      const read = new Map<Browser, number>()
      /** Of places that are gone, whether a viewer could see them when they were last there: that they go may be said. */
      const once = new Map<string, boolean>()
      /** What was said before somebody and may be read by them ever since. */
      const owed = new Map(USERS.map((id) => [id, new Map<string, string>()]))
      await play(list, ({ world, browsers }, told) => {
        const isFor = oracle(world)
        const { channels, threads } = world.guild.collections
        const isGone = (id: string) => !channels.get(id) && !threads.get(id)
        for (const where of [...channels.values(), ...threads.values()].map(({ id }) => String(id))) {
          for (const userId of USERS) {
            for (const who of PLACE_RIGHTS) once.set(`${userId} ${where} ${who}`, isFor(userId, where, who))
          }
        }
        for (const browser of browsers.values()) {
          const { userId, frames } = browser
          const known = seen.get(userId) ?? new Set()
          for (const { text, event } of frames.slice(read.get(browser))) {
            for (const [mark, where = '', who] of text.matchAll(MARK)) {
              const isFine =
                (known.has(mark) && who !== 'nobody') ||
                isFor(userId, where, who as For) ||
                (isGone(where) && once.get(`${userId} ${where} ${who}`) === true)
              if (!isFine) throw new Error(`${mark} reached ${userId} as ${event}, after ${told?.event}`)
              known.add(mark)
            }
          }
          read.set(browser, frames.length)
          const dues = owed.get(userId) ?? new Map<string, string>()
          if (told?.event === 'MESSAGE_CREATE') {
            const [mark, where = '', who] = [...String(told.payload['content']).matchAll(MARK)][0] ?? []
            if (mark && who === 'read' && isFor(userId, where, 'read')) dues.set(mark, where)
          }
          for (const [mark, where] of dues) {
            if (known.has(mark) || !isFor(userId, where, 'history')) dues.delete(mark)
            else if (browser.visit && browser.isReading) throw new Error(`${mark} did not reach ${userId}`)
          }
        }
      })
    }),
    { numRuns: RUNS },
  )
})

/** Without what comes also with messages, of which those without the history miss some. */
function toldOf(guild: GuildPayload | null) {
  const said = comparable(guild)
  return said && { ...said, channels: said.channels.map((channel) => ({ ...channel, last_message_id: null })) }
}

test('what a browser was sent adds up to what a snapshot says, however it stopped and came back', async () => {
  await fc.assert(
    fc.asyncProperty(acts, async (list) => {
      await play(list, (model, last) => {
        for (const { userId, client, visit, isReading } of model.browsers.values()) {
          if (!visit || !isReading) continue
          const shown = toldOf(client.guildCreate(GUILD))
          const expected = toldOf(model.snapshot(userId))
          if (!isDeepStrictEqual(shown, expected)) {
            expect({ userId, after: last?.event, ...shown }).toEqual({ userId, after: last?.event, ...expected })
          }
        }
      })
    }),
    { numRuns: RUNS },
  )
})

test('events that come together are shown as they are when each comes alone', async () => {
  const framesOf = async (list: readonly Act[], most: number) => {
    const model = new Model(list[0])
    await model.begin()
    const waiting: Told[] = []
    for (const act of list) {
      const told = model.world.tell(act)
      if (!told) continue
      model.world.apply(told)
      waiting.push(told)
      if (waiting.length >= Math.max(1, act[1] % (most + 1))) await model.publish(...waiting.splice(0))
    }
    await model.publish(...waiting)
    return Array.from(model.browsers.values(), ({ userId, frames, ended }) => ({ userId, frames, ended }))
  }
  await fc.assert(
    fc.asyncProperty(acts, async (list) => {
      const [together, alone] = [await framesOf(list, 8), await framesOf(list, 0)]
      if (!isDeepStrictEqual(together, alone)) expect(together).toEqual(alone)
    }),
    { numRuns: RUNS },
  )
})
