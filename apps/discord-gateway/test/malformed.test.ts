import { GatewayDispatchEvents } from 'discord-api-types/v10'
import { EventFeed, MemoryLog } from '@repo/event-feed'
import type { GatewayEventData } from '@repo/discord-integration/clients'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Continuity } from '../src/sessions/continuity.ts'
import { publishDispatch, publishReady } from '../src/sessions/publish.ts'
import { memoryNotes } from './helpers.ts'

const GUILD = '700000000000000001'

/** What a payload's fields may hold that Discord would not put there. */
const odd = fc.oneof(
  fc.constantFrom(null, true, 0, -1, 1e300, '', 'x', '__proto__', GUILD, [], {}, [null], [{}]),
  fc.jsonValue({ maxDepth: 2 }),
)

const fields = [
  'id',
  'guild_id',
  'channel_id',
  'user',
  'user_id',
  'member',
  'members',
  'roles',
  'role',
  'role_id',
  'channels',
  'threads',
  'thread',
  'emojis',
  'stickers',
  'voice_states',
  'presences',
  'guilds',
  'unavailable',
  'shard',
  'session_id',
  'type',
  'parent_id',
  'added_members',
  'removed_member_ids',
  'stage_instances',
  'guild_scheduled_events',
  'soundboard_sounds',
  'ids',
  'permission_overwrites',
  'last_message_id',
  'member_count',
  'thread_metadata',
  'owner_id',
  'properties',
] as const

const payload = fc.oneof(
  odd,
  fc.record(
    Object.fromEntries(fields.map((name) => [name, name === 'guild_id' ? fc.oneof(fc.constant(GUILD), odd) : odd])),
    {
      requiredKeys: [],
    },
  ),
)

describe('a payload that is not what Discord documents', () => {
  it('is stored byte for byte with its number, whatever is missing in it, and those after it too', async () => {
    const names = fc.constantFrom<string>(...Object.values(GatewayDispatchEvents), 'AN_EVENT_OF_TOMORROW')
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(names, payload), { minLength: 1, maxLength: 30 }), async (events) => {
        const log = new MemoryLog({ maxAgeMs: 1e15, maxBytes: 1e9 })
        const feed = new EventFeed({ log })
        const continuity = new Continuity(feed, memoryNotes())
        const guild = { id: GUILD, channels: [{ id: '1', type: 0 }], roles: [], members: [], threads: [] }
        const all: [string, unknown][] = [['GUILD_CREATE', guild], ...events, ['GUILD_CREATE', guild]]
        for (const [index, [type, data]] of all.entries()) {
          const event = {
            type,
            data,
            raw: JSON.stringify(data),
            shardId: 0,
            sessionId: 'abc',
            sequence: index + 1,
            receivedAt: index,
          } as GatewayEventData
          await (type === 'READY' ? publishReady(feed, continuity, event, () => {}) : publishDispatch(feed, event))
          expect(log.sequence(0, 'abc')).toBe(index + 1)
        }
        const everything = { guilds: null, events: null, guildless: true }
        const { entries } = await log.read(log.from, { filter: everything, limit: 1_000, maxBytes: 1e9 })
        const stored = entries.flatMap((entry) => (entry.kind === 'dispatch' ? [[entry.event, entry.payload]] : []))
        for (const [type, data] of all) expect(stored).toContainEqual([type, JSON.stringify(data)])
        // A READY among them may have listed no guilds; the last event has brought this one again.
        expect(feed.state.get(GUILD)).not.toBeNull()
        expect(feed.state.guildCreate(GUILD)).toMatchObject({ id: GUILD })
        await feed.close()
      }),
      { numRuns: 300 },
    )
  })
})
