import { ChannelType, MessageType, PermissionFlagsBits } from 'discord-api-types/v10'
import type { APIMessage, APIVoiceState, GatewayMessageReactionAddDispatchData } from 'discord-api-types/v10'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createManualClock } from '../src/clock.ts'
import type { ManualClock } from '../src/clock.ts'
import { Life } from '../src/life/life.ts'
import { createRandom } from '../src/random.ts'
import { BOT } from '../src/world/seed/people.ts'
import { seedWorld } from '../src/world/seed/seed.ts'
import { World } from '../src/world/world.ts'

const START_MS = Date.parse('2026-11-20T14:08:00Z')
const HOUR_MS = 3_600_000

interface Happened {
  at: number
  event: string
  payload: object
}

function fresh(seed: string): { world: World; clock: ManualClock } {
  const clock = createManualClock(START_MS)
  const world = new World({ clock, random: createRandom(seed).fork('world'), bot: BOT, privileged: [] })
  seedWorld(world)
  return { world, clock }
}

/** Lives for a while, and tells what happened. `look` sees the world after each thing. */
function live(seed: string, ms: number, look: (happened: Happened, world: World) => void = () => {}) {
  const { world, clock } = fresh(seed)
  const trace: Happened[] = []
  const emit = ({ event, payload }: { event: string; payload: object }) => {
    world.apply({ event, payload })
    const happened = { at: clock.now() - START_MS, event, payload: structuredClone(payload) }
    trace.push(happened)
    look(happened, world)
  }
  const life = new Life({ world, emit, pace: 1 })
  life.start()
  clock.advance(ms)
  life.stop()
  return { world, trace, life, clock }
}

describe('the same seed', () => {
  test('lives the same life, byte for byte', { timeout: 30_000 }, () => {
    const [one, two] = [live('a', HOUR_MS), live('a', HOUR_MS)]
    expect(JSON.stringify(one.trace)).toBe(JSON.stringify(two.trace))
    expect(JSON.stringify(one.world.guilds())).toBe(JSON.stringify(two.world.guilds()))
    expect(JSON.stringify(live('b', HOUR_MS).trace)).not.toBe(JSON.stringify(one.trace))
  })

  test('lives the same life also when it was stopped on the way', () => {
    const whole = live('a', HOUR_MS)
    const { trace, life, clock } = live('a', HOUR_MS / 2)
    const half = trace.length
    clock.advance(HOUR_MS)
    expect(trace).toHaveLength(half)
    life.start()
    clock.advance(HOUR_MS / 2)
    expect(trace.length).toBeGreaterThan(half)
    const names = (list: Happened[]) => list.slice(0, trace.length).map(({ event }) => event)
    expect(names(trace)).toEqual(names(whole.trace))
  })
})

const matches = (payload: object, fields: object) =>
  Object.entries(fields).every(([key, value]) => Reflect.get(payload, key) === value)

test('an hour has a believable pace and all kinds of things', () => {
  const { trace } = live('tidewater', HOUR_MS)
  const count = (event: string) => trace.filter((happened) => happened.event === event).length
  expect(count('VOICE_STATE_UPDATE')).toBeGreaterThan(200)
  expect(count('MESSAGE_CREATE')).toBeGreaterThan(150)
  expect(count('MESSAGE_CREATE')).toBeLessThan(1_200)
  expect(count('TYPING_START')).toBeGreaterThanOrEqual(count('MESSAGE_CREATE'))
  for (const event of ['MESSAGE_UPDATE', 'MESSAGE_REACTION_ADD', 'MESSAGE_REACTION_REMOVE', 'PRESENCE_UPDATE']) {
    expect([event, count(event)]).not.toEqual([event, 0])
  }
  const voice = trace
    .filter(({ event }) => event === 'VOICE_STATE_UPDATE')
    .map(({ payload }) => payload as APIVoiceState)
  expect(voice.some(({ channel_id }) => channel_id === null)).toBe(true)
  for (const flag of ['self_mute', 'self_deaf', 'self_stream', 'self_video'] as const) {
    expect(voice.filter((state) => state[flag])).not.toEqual([])
  }
  // Every message was typed before, by whom it is from.
  for (const [index, { event, payload, at }] of trace.entries()) {
    if (event !== 'MESSAGE_CREATE') continue
    const { author, channel_id } = payload as APIMessage
    const typing = { user_id: author.id, channel_id }
    const typed = trace
      .slice(0, index)
      .findLast((before) => before.event === 'TYPING_START' && matches(before.payload, typing))
    expect(at - (typed?.at ?? -Infinity)).toBeLessThan(10_000)
  }
})

test('nothing happens that could not: for any seed', { timeout: 30_000 }, () => {
  fc.assert(
    fc.property(fc.string(), (seed) => {
      live(seed, 20 * 60_000, ({ event, payload }, world) => {
        const states = world.guilds().flatMap((guild) => guild.voice_states)
        expect(new Set(states.map(({ user_id }) => user_id)).size).toBe(states.length)
        for (const guild of world.guilds()) {
          for (const channel of guild.channels) {
            if (channel.type !== ChannelType.GuildVoice || !channel.user_limit) continue
            const inside = guild.voice_states.filter(({ channel_id }) => channel_id === channel.id)
            expect(inside.length).toBeLessThanOrEqual(channel.user_limit)
          }
        }
        if (event === 'MESSAGE_CREATE') {
          const { author, channel_id, referenced_message, type } = payload as APIMessage
          const at = world.channel(channel_id)!
          expect(world.permissions(at, author.id) & PermissionFlagsBits.SendMessages).not.toBe(0n)
          expect(author.bot).not.toBe(true)
          if (type === MessageType.Reply) expect(referenced_message?.channel_id).toBe(channel_id)
        }
        if (event === 'MESSAGE_REACTION_ADD') {
          const { channel_id, message_id, user_id } = payload as GatewayMessageReactionAddDispatchData
          expect(world.messages.get(channel_id, message_id)?.author.id).not.toBe(user_id)
        }
      })
    }),
    { numRuns: 15 },
  )
})

test('who hears every dispatch knows the whole world', { timeout: 30_000 }, () => {
  const { world, trace } = live('tidewater', HOUR_MS)
  const { world: heard } = fresh('tidewater')
  for (const { event, payload } of trace) heard.apply({ event, payload })
  expect(heard.guilds()).toEqual(world.guilds())
  const places = world.guilds().map((guild) => guild.channels.map(({ id }) => id))
  for (const id of [...places.flat(), ...world.guilds().flatMap(({ threads }) => threads.map((thread) => thread.id))]) {
    expect(heard.messages.list(id, { limit: 100 })).toEqual(world.messages.list(id, { limit: 100 }))
  }
})

test('a world that loses its channels, members and guilds goes on living', () => {
  const { world, clock, life } = live('tidewater', 60_000)
  life.start()
  const [tidewater, ledger] = world.guilds()
  for (const { id } of tidewater!.channels.slice()) {
    world.apply({ event: 'CHANNEL_DELETE', payload: { id, guild_id: tidewater!.id } })
    clock.advance(30_000)
  }
  for (const { user } of ledger!.members.slice()) {
    world.apply({ event: 'GUILD_MEMBER_REMOVE', payload: { guild_id: ledger!.id, user } })
    clock.advance(30_000)
  }
  world.apply({ event: 'GUILD_DELETE', payload: { id: tidewater!.id } })
  clock.advance(HOUR_MS)
  expect(world.guilds()).toEqual([])
})
