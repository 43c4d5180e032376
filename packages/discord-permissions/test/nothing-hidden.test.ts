import { isDeepStrictEqual } from 'node:util'
import type { GuildPayload } from '@repo/event-feed'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cutGuild, GuildText, isPersonal } from '../src/index.ts'
import type { PermissionMember } from '../src/index.ts'
import { comparable } from './lib/comparable.ts'
import { isFor } from './lib/oracle.ts'
import { Streams } from './lib/streams.ts'
import type { Stream } from './lib/streams.ts'
import { textOf } from './lib/text-of.ts'
import { acts, GUILD, MARK, World } from './lib/world.ts'
import type { For } from './lib/world.ts'

/** Each plays dozens of events to five streams. */
const RUNS = 100

/** Runs the acts, and hands on what each came to. */
function play(
  list: Parameters<World['tell']>[0][],
  each: (world: World, streams: Streams, step: ReturnType<Streams['take']> & { event: string }) => void,
) {
  const world = new World(list[0])
  const streams = new Streams(world)
  each(world, streams, { sent: [...streams.opening], change: null, event: 'GUILD_CREATE' })
  for (const act of list) {
    const told = world.tell(act)
    if (told) each(world, streams, { ...streams.take(told), event: told.event })
  }
}

test('nothing that is not for a viewer is in what they are sent', () => {
  fc.assert(
    fc.property(acts, (list) => {
      // What a viewer has been shown rightly may be said again: a channel that goes is told by what they knew.
      const known = new Map<string, Set<string>>()
      play(list, (world, _, { sent, event }) => {
        for (const { stream, shown } of sent) {
          const member = stream.sight.member as unknown as PermissionMember
          const seen = known.get(stream.userId) ?? new Set()
          known.set(stream.userId, seen)
          for (const [mark, where = '', who] of JSON.stringify(shown.payload).matchAll(MARK)) {
            const isFine = (seen.has(mark) && who !== 'nobody') || isFor(world, member, where, who as For)
            if (!isFine) throw new Error(`${mark} reached ${stream.userId} by ${event}, as ${shown.event}`)
            seen.add(mark)
          }
        }
      })
    }),
    { numRuns: RUNS },
  )
})

test('what is shown adds up to what a snapshot shows', () => {
  fc.assert(
    fc.property(acts, (list) =>
      play(list, (world, streams, { event }) => {
        for (const stream of streams.open.values()) {
          const snapshot = comparable(cutGuild(world.guild, stream.sight) as GuildPayload)
          const shown = comparable(stream.client.guildCreate(GUILD))
          if (!isDeepStrictEqual(shown, snapshot))
            expect({ after: event, ...shown }).toEqual({ after: event, ...snapshot })
        }
      }),
    ),
    { numRuns: RUNS },
  )
})

test('whoever comes to see other things is named, and those who see the same are shown the same', () => {
  fc.assert(
    fc.property(acts, (list) =>
      play(list, (world, streams, { sent, event, change }) => {
        for (const { userId, key } of streams.open.values()) {
          const isNamed = key === streams.sight(userId)?.key(world.guild)
          if (!isNamed) throw new Error(`${userId} was not named by ${event}: ${JSON.stringify(change)}`)
        }
        if (isPersonal(event)) return
        const live = new Map(sent.filter(({ isSnapshot }) => !isSnapshot).map(({ stream, shown }) => [stream, shown]))
        const others = sent.filter(({ isSnapshot }) => isSnapshot).map(({ stream }) => stream)
        for (const [first, ...rest] of groupsOf(streams.open.values(), others)) {
          const shown = first && live.get(first)
          for (const stream of rest) {
            if (!isDeepStrictEqual(live.get(stream), shown)) expect({ event, shown }).toEqual(live.get(stream))
          }
        }
      }),
    ),
    { numRuns: RUNS },
  )
})

test('a guild that is written once for all with one key says to each of them what is cut for them', () => {
  let shared = 0
  fc.assert(
    fc.property(acts, (list) =>
      play(list, ({ guild }, streams, { event }) => {
        const known = new Map<string, string>()
        const texts = new Map<string, GuildText>()
        for (const { sight } of streams.open.values()) {
          const key = sight.key(guild, known)
          if (key !== sight.key(guild)) throw new Error(`${sight.userId} has another’s key after ${event}`)
          if (texts.has(key)) shared++
          const text = texts.get(key) ?? new GuildText(guild, sight)
          texts.set(key, text)
          const said = JSON.parse(textOf(text.of(sight))) as unknown
          const cut = JSON.parse(JSON.stringify(cutGuild(guild, sight))) as unknown
          if (!isDeepStrictEqual(said, cut)) expect({ event, said }).toEqual({ event, said: cut })
        }
      }),
    ),
    { numRuns: RUNS },
  )
  expect(shared).toBeGreaterThan(100)
})

function groupsOf(streams: Iterable<Stream>, without: readonly Stream[]): Stream[][] {
  return [...Map.groupBy(streams, ({ group }) => group).values()].map((group) =>
    group.filter((each) => !without.includes(each)),
  )
}
