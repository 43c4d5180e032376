import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { GuildState, guildIdOf } from '../src/index.ts'
import { REDUCERS } from '../src/guild-state/reducers.ts'
import { dispatchOf } from './dispatches.ts'

const GUILD = {
  id: '1',
  name: 'Zoo',
  member_count: 2,
  roles: [{ id: '31', name: 'keeper' }],
  emojis: [{ id: '35', name: 'paw' }],
  stickers: [],
  channels: [
    { id: '11', name: 'general', last_message_id: '90' },
    { id: '12', name: 'voice' },
  ],
  threads: [{ id: '21', parent_id: '11', name: 'newts' }],
  members: [{ user: { id: '51', username: 'ann' }, nick: 'A', roles: ['31'] }],
  voice_states: [{ user_id: '51', channel_id: '12' }],
  presences: [{ user: { id: '51' }, status: 'online' }],
  stage_instances: [{ id: '41', topic: 'old' }],
  guild_scheduled_events: [{ id: '61', user_count: 1 }],
  soundboard_sounds: [{ sound_id: '71', name: 'moo' }],
  a_field_of_tomorrow: { deep: [1] },
}

function zoo(): GuildState {
  const state = new GuildState()
  state.apply('GUILD_CREATE', '1', GUILD)
  return state
}

/** The guild after events, each as name and payload without its guild_id. */
function after(...events: [event: string, payload: object][]) {
  const state = zoo()
  for (const [event, payload] of events)
    state.apply(event, '1', 'name' in payload && event === 'GUILD_UPDATE' ? payload : { ...payload, guild_id: '1' })
  expect(state.skipped).toBe(0)
  return state.guildCreate('1') ?? expect.fail('the guild is gone')
}

/** What each event makes of GUILD; every reducer has a row. */
const ROWS: Record<string, [payload: object, expected: object][]> = {
  GUILD_UPDATE: [
    [
      { id: '1', name: 'Ark', roles: [] },
      { name: 'Ark', roles: [], channels: GUILD.channels },
    ],
  ],
  CHANNEL_CREATE: [[{ id: '13', name: 'new' }, { channels: [...GUILD.channels, { id: '13', name: 'new' }] }]],
  CHANNEL_UPDATE: [
    [{ id: '11', name: 'x' }, { channels: [{ id: '11', name: 'x', last_message_id: '90' }, GUILD.channels[1]] }],
  ],
  CHANNEL_DELETE: [
    [{ id: '11' }, { channels: [GUILD.channels[1]], threads: [], voice_states: GUILD.voice_states }],
    [{ id: '12' }, { channels: [GUILD.channels[0]], threads: GUILD.threads, voice_states: [] }],
  ],
  CHANNEL_PINS_UPDATE: [
    [
      { channel_id: '12', last_pin_timestamp: '2026' },
      { channels: [GUILD.channels[0], { id: '12', name: 'voice', last_pin_timestamp: '2026' }] },
    ],
    [{ channel_id: '21' }, { threads: [{ ...GUILD.threads[0], last_pin_timestamp: null }] }],
  ],
  VOICE_CHANNEL_STATUS_UPDATE: [
    [{ id: '12', status: 'hi' }, { channels: [GUILD.channels[0], { id: '12', name: 'voice', status: 'hi' }] }],
  ],
  VOICE_CHANNEL_START_TIME_UPDATE: [
    [
      { id: '12', voice_start_time: 5 },
      { channels: [GUILD.channels[0], { ...GUILD.channels[1], voice_start_time: 5 }] },
    ],
  ],
  CHANNEL_INFO: [
    [
      { channels: [{ id: '12', status: 'hi', voice_start_time: 7 }, { id: '99' }] },
      { channels: [GUILD.channels[0], { ...GUILD.channels[1], status: 'hi', voice_start_time: 7 }] },
    ],
  ],
  MESSAGE_CREATE: [
    [
      { id: '100', channel_id: '11', author: { id: '52', username: 'bo' }, member: { nick: null } },
      {
        channels: [{ id: '11', name: 'general', last_message_id: '100' }, GUILD.channels[1]],
        members: [GUILD.members[0], { nick: null, user: { id: '52', username: 'bo' } }],
      },
    ],
    [
      { id: '89', channel_id: '11', author: { id: '52' } },
      { channels: GUILD.channels, members: GUILD.members },
    ],
    [{ id: '5', channel_id: '21', webhook_id: '9' }, { threads: [{ ...GUILD.threads[0], last_message_id: '5' }] }],
  ],
  MESSAGE_REACTION_ADD: [
    [{ member: { user: { id: '51' }, nick: 'B' } }, { members: [{ user: { id: '51' }, nick: 'B', roles: ['31'] }] }],
    [{ user_id: '51' }, { members: GUILD.members }],
  ],
  THREAD_CREATE: [
    [
      { id: '22', parent_id: '11', newly_created: true },
      { threads: [GUILD.threads[0], { id: '22', parent_id: '11' }] },
    ],
  ],
  THREAD_UPDATE: [
    [{ id: '21', name: 'olms' }, { threads: [{ id: '21', parent_id: '11', name: 'olms' }] }],
    [{ id: '21', thread_metadata: { archived: true } }, { threads: [] }],
  ],
  THREAD_DELETE: [[{ id: '21', parent_id: '11' }, { threads: [] }]],
  THREAD_LIST_SYNC: [
    [
      { threads: [{ id: '22', parent_id: '12' }], members: [{ id: '22', user_id: '50' }] },
      { threads: [{ id: '22', parent_id: '12', member: { id: '22', user_id: '50' } }] },
    ],
    [
      { channel_ids: ['12'], threads: [{ id: '22', parent_id: '12' }], members: [] },
      { threads: [GUILD.threads[0], { id: '22', parent_id: '12' }] },
    ],
    [{ channel_ids: ['11'], threads: [], members: [] }, { threads: [] }],
  ],
  THREAD_MEMBER_UPDATE: [
    [{ id: '21', user_id: '50' }, { threads: [{ ...GUILD.threads[0], member: { id: '21', user_id: '50' } }] }],
  ],
  THREAD_MEMBERS_UPDATE: [[{ id: '21', member_count: 4 }, { threads: [{ ...GUILD.threads[0], member_count: 4 }] }]],
  GUILD_ROLE_CREATE: [[{ role: { id: '32' } }, { roles: [GUILD.roles[0], { id: '32' }] }]],
  GUILD_ROLE_UPDATE: [[{ role: { id: '31', name: 'vet' } }, { roles: [{ id: '31', name: 'vet' }] }]],
  GUILD_ROLE_DELETE: [[{ role_id: '31' }, { roles: [] }]],
  GUILD_MEMBER_ADD: [
    [{ user: { id: '52' } }, { member_count: 3, members: [GUILD.members[0], { user: { id: '52' } }] }],
  ],
  GUILD_MEMBER_UPDATE: [
    [
      { user: { id: '51' }, nick: null },
      { members: [{ user: { id: '51' }, nick: null, roles: ['31'] }], member_count: 2 },
    ],
  ],
  GUILD_MEMBER_REMOVE: [
    [{ user: { id: '51' } }, { member_count: 1, members: [], voice_states: [], presences: [] }],
    [{ user: { id: '59' } }, { member_count: 1, members: GUILD.members }],
  ],
  GUILD_MEMBERS_CHUNK: [
    [
      { members: [{ user: { id: '52' } }], presences: [{ user: { id: '52' }, status: 'idle' }] },
      {
        members: [GUILD.members[0], { user: { id: '52' } }],
        presences: [GUILD.presences[0], { user: { id: '52' }, status: 'idle' }],
        member_count: 2,
      },
    ],
  ],
  PRESENCE_UPDATE: [
    [{ user: { id: '51' }, status: 'dnd' }, { presences: [{ user: { id: '51' }, status: 'dnd' }] }],
    [{ user: { id: '51' }, status: 'offline' }, { presences: [] }],
  ],
  VOICE_STATE_UPDATE: [
    [
      { user_id: '52', channel_id: '12', member: { user: { id: '52' } } },
      {
        voice_states: [GUILD.voice_states[0], { user_id: '52', channel_id: '12' }],
        members: [GUILD.members[0], { user: { id: '52' } }],
      },
    ],
    [
      { user_id: '51', channel_id: null },
      { voice_states: [], members: GUILD.members },
    ],
  ],
  GUILD_EMOJIS_UPDATE: [[{ emojis: [{ id: '36' }] }, { emojis: [{ id: '36' }] }]],
  GUILD_STICKERS_UPDATE: [[{ stickers: [{ id: '37' }] }, { stickers: [{ id: '37' }] }]],
  STAGE_INSTANCE_CREATE: [[{ id: '42' }, { stage_instances: [GUILD.stage_instances[0], { id: '42' }] }]],
  STAGE_INSTANCE_UPDATE: [[{ id: '41', topic: 'new' }, { stage_instances: [{ id: '41', topic: 'new' }] }]],
  STAGE_INSTANCE_DELETE: [[{ id: '41' }, { stage_instances: [] }]],
  GUILD_SCHEDULED_EVENT_CREATE: [
    [{ id: '62' }, { guild_scheduled_events: [GUILD.guild_scheduled_events[0], { id: '62' }] }],
  ],
  GUILD_SCHEDULED_EVENT_UPDATE: [
    [{ id: '61', name: 'n' }, { guild_scheduled_events: [{ id: '61', user_count: 1, name: 'n' }] }],
  ],
  GUILD_SCHEDULED_EVENT_DELETE: [[{ id: '61' }, { guild_scheduled_events: [] }]],
  GUILD_SCHEDULED_EVENT_USER_ADD: [
    [{ guild_scheduled_event_id: '61' }, { guild_scheduled_events: [{ id: '61', user_count: 2 }] }],
  ],
  GUILD_SCHEDULED_EVENT_USER_REMOVE: [
    [{ guild_scheduled_event_id: '61' }, { guild_scheduled_events: [{ id: '61', user_count: 0 }] }],
  ],
  GUILD_SOUNDBOARD_SOUND_CREATE: [
    [{ sound_id: '72' }, { soundboard_sounds: [GUILD.soundboard_sounds[0], { sound_id: '72' }] }],
  ],
  GUILD_SOUNDBOARD_SOUND_UPDATE: [
    [{ sound_id: '71', name: 'baa' }, { soundboard_sounds: [{ sound_id: '71', name: 'baa' }] }],
  ],
  GUILD_SOUNDBOARD_SOUND_DELETE: [[{ sound_id: '71' }, { soundboard_sounds: [] }]],
  GUILD_SOUNDBOARD_SOUNDS_UPDATE: [
    [
      { soundboard_sounds: [{ sound_id: '71', name: 'baa' }, { sound_id: '72' }] },
      { soundboard_sounds: [{ sound_id: '71', name: 'baa' }, { sound_id: '72' }] },
    ],
  ],
  SOUNDBOARD_SOUNDS: [[{ soundboard_sounds: [{ sound_id: '72' }] }, { soundboard_sounds: [{ sound_id: '72' }] }]],
}

describe('GuildState says what the events add up to', () => {
  it('says a GUILD_CREATE again, with every array and unknown field', () => {
    expect(zoo().guildCreate('1')).toEqual(GUILD)
    const bare = new GuildState()
    bare.apply('GUILD_CREATE', '2', { id: '2' })
    const { id, ...arrays } = bare.guildCreate('2') ?? expect.fail('the guild is not there')
    expect(id).toBe('2')
    expect(Object.keys(arrays)).toEqual(Object.keys(GUILD).filter((name) => Array.isArray(Object(GUILD)[name])))
    for (const array of Object.values(arrays)) expect(array).toEqual([])
    expect(bare.guildCreate('3')).toBeNull()
    expect(bare.guildCreateText('3')).toBeNull()
  })

  it('has a row below for every reducer', () => {
    expect(Object.keys(ROWS).sort()).toEqual([...REDUCERS.keys()].sort())
  })

  const rows = Object.entries(ROWS).flatMap(([event, cases]) => cases.map((given) => [event, ...given] as const))
  it.each(rows)('%s %j', (event, payload, expected) => {
    const guild = after([event, payload])
    expect(guild).toMatchObject(expected)
    expect(JSON.stringify(guild)).not.toContain('guild_id":"1"')
  })

  it('knows users by what USER_UPDATE says', () => {
    const state = zoo()
    // What Discord tells the bot of itself alone stays with the bot.
    state.apply('USER_UPDATE', null, { id: '51', username: 'anna', email: 'anna@example.com', mfa_enabled: true })
    state.apply('USER_UPDATE', null, { id: '59', username: 'nobody' })
    expect(state.guildCreate('1')?.members).toEqual([{ ...GUILD.members[0], user: { id: '51', username: 'anna' } }])
  })

  it('does not take a kicked member back for the word that they have left voice', () => {
    const kicked: [string, object][] = [
      ['GUILD_MEMBER_REMOVE', { user: { id: '51' } }],
      ['VOICE_STATE_UPDATE', { user_id: '51', channel_id: null, member: GUILD.members[0] }],
    ]
    expect(after(...kicked)).toMatchObject({ members: [], voice_states: [], member_count: 1 })
  })

  it('forgets a deleted guild and keeps an unavailable one', () => {
    const state = zoo()
    state.apply('GUILD_DELETE', '1', { id: '1', unavailable: true })
    expect(state.guildCreate('1')).toEqual({ ...GUILD, unavailable: true })
    state.apply('GUILD_CREATE', '1', { id: '1', unavailable: true })
    expect(state.guildCreate('1')).toEqual({ ...GUILD, unavailable: true })
    state.apply('GUILD_CREATE', '1', { id: '1', channels: [] })
    expect(state.guildCreate('1')).not.toHaveProperty('unavailable')
    expect(state.guildCreate('1')).not.toHaveProperty('name')
    state.apply('GUILD_DELETE', '1', { id: '1' })
    expect(state.has('1')).toBe(false)
    state.apply('CHANNEL_CREATE', '1', { id: '11' })
    state.apply('GUILD_CREATE', '1', { id: '1', unavailable: true })
    expect([...state.guildIds()]).toEqual([])
  })

  it('knows the guilds that the bot is in and that are down, though nothing else of them', () => {
    const state = zoo()
    state.apply('READY', null, { guilds: ['1', '2', '3', '4'].map((id) => ({ id, unavailable: true })) })
    expect([...state.unavailableGuilds]).toEqual(['2', '3', '4'])
    state.apply('GUILD_DELETE', '2', { id: '2', unavailable: true })
    state.apply('GUILD_CREATE', '3', { id: '3', unavailable: true })
    state.apply('GUILD_DELETE', '5', { id: '5', unavailable: true })
    expect([...state.pendingGuilds]).toEqual(['1', '4'])
    expect([...state.unavailableGuilds]).toEqual(['2', '3', '4', '5'])
    expect(['1', '2', '6'].map((id) => state.lists(id))).toEqual([true, true, false])
    expect(state.guildCreateText('2')).toBeNull()
    expect(state.missingGuilds({ guilds: [{ id: '1' }, { id: '2' }] })).toEqual(['3', '4', '5'])
    state.apply('GUILD_CREATE', '2', { id: '2', channels: [] })
    state.apply('GUILD_DELETE', '3', { id: '3' })
    expect([...state.unavailableGuilds]).toEqual(['4', '5'])
    expect(state.skipped).toBe(0)
  })

  it('waits for the guilds that READY lists, shard by shard', () => {
    const state = zoo()
    const guildOf = (shard: number, index = 0) => `${(BigInt(index * 2 + shard) << 22n) + 5n}`
    const ready = (shard: number, ...ids: string[]) => ({ shard: [shard, 2], guilds: ids.map((id) => ({ id })) })
    state.apply('READY', null, ready(0, guildOf(0), guildOf(0, 1)))
    state.apply('READY', null, ready(1, guildOf(1)))
    expect([...state.pendingGuilds]).toEqual([guildOf(0), guildOf(0, 1), guildOf(1)])
    state.apply('GUILD_CREATE', guildOf(0), { id: guildOf(0), channels: [] })
    state.apply('GUILD_DELETE', guildOf(1), { id: guildOf(1), unavailable: true })
    expect([...state.pendingGuilds]).toEqual([guildOf(0, 1)])
    state.apply('READY', null, ready(0))
    expect(state.pendingGuilds.size).toBe(0)
  })

  it('knows which guilds a READY no longer lists', () => {
    const state = new GuildState()
    const guilds = [0n, 1n, 2n, 3n].map((index) => `${index << 22n}`)
    for (const id of guilds) state.apply('GUILD_CREATE', id, { id })
    expect(state.missingGuilds({ shard: [1, 2], guilds: [{ id: guilds[1] }] })).toEqual([guilds[3]])
    expect(state.missingGuilds({ guilds: [{ id: guilds[1] }] })).toEqual([guilds[0], guilds[2], guilds[3]])
    for (const broken of [null, {}, { guilds: 1 }, 'x']) expect(state.missingGuilds(broken)).toEqual([])
  })

  it('says the same text until the guild changes', () => {
    const state = zoo()
    const text = state.guildCreateText('1')
    state.apply('TYPING_START', '1', { guild_id: '1' })
    state.apply('GUILD_MEMBER_UPDATE', '1', { guild_id: '1', ...GUILD.members[0] })
    expect(state.get('1')?.text).toBe(text)
    state.apply('VOICE_STATE_UPDATE', '1', { guild_id: '1', user_id: '51', channel_id: null })
    expect(JSON.parse(state.guildCreateText('1') ?? '')).toEqual({ ...GUILD, voice_states: [] })
  })

  it('says the whole where there is room, whoever had less before', () => {
    const guild = zoo().get('1') ?? expect.fail('the guild is gone')
    const whole = guild.text
    expect(guild.textWithin(whole.length - 1)).toContain('"large":true')
    expect(guild.textWithin(whole.length * 3)).toBe(whole)
  })

  it('is told the same by its own GUILD_CREATE', () => {
    fc.assert(
      fc.property(fc.array(dispatchOf('1', '__proto__'), { maxLength: 40 }), (dispatches) => {
        const state = new GuildState()
        for (const { event, guildId, payload } of dispatches) {
          state.apply(event, guildId, payload)
          // What it has said once it must not go on saying.
          for (const id of state.guildIds()) state.guildCreateText(id)
        }
        expect(state.skipped).toBe(0)
        const copy = new GuildState()
        for (const id of state.guildIds()) copy.apply('GUILD_CREATE', id, JSON.parse(state.guildCreateText(id) ?? ''))
        for (const id of state.guildIds()) {
          expect(copy.guildCreate(id)).toEqual(state.guildCreate(id))
          expect(copy.guildCreateText(id)).toBe(state.guildCreateText(id))
          expect(JSON.parse(state.guildCreateText(id) ?? '')).toEqual(JSON.parse(JSON.stringify(state.guildCreate(id))))
        }
      }),
    )
  })
})

describe('GuildState is not thrown by a payload', () => {
  const names = [...REDUCERS.keys(), 'GUILD_CREATE', 'GUILD_DELETE', 'READY', 'USER_UPDATE', '__proto__', 'constructor']

  it.each(names)('%s with anything in it', (event) => {
    const state = zoo()
    const before = { skipped: 0 }
    for (const payload of [
      undefined,
      null,
      1,
      'x',
      [],
      {},
      { guilds: 1 },
      { shard: [0, 1.5], guilds: [{ id: '1' }] },
    ]) {
      state.apply(event, '1', payload)
      expect(() => state.guildCreate('1')).not.toThrow()
    }
    if (state.follows(event)) expect(state.skipped).toBeGreaterThan(before.skipped)
    else expect(state.guildCreate('1')).toEqual(GUILD)
  })

  it('mutated at random', () => {
    const junk = fc.oneof(
      fc.jsonValue(),
      fc.constantFrom('51', '11', '__proto__', { id: '11' }, [{ user: { id: 1 } }, null]),
    )
    const mutated = fc.tuple(dispatchOf('1'), fc.dictionary(fc.string(), junk), fc.array(fc.tuple(fc.nat(8), junk)))
    fc.assert(
      fc.property(fc.array(mutated, { maxLength: 20 }), (given) => {
        const state = zoo()
        for (const [{ event, payload }, more, replaced] of given) {
          const fields = Object.entries({ ...(payload as object), ...more })
          for (const [index, value] of replaced) {
            const field = fields[index]
            if (field) field[1] = value
          }
          state.apply(event, '1', JSON.parse(JSON.stringify(Object.fromEntries(fields))))
          const text = state.guildCreateText('1')
          if (text !== null) expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(state.guildCreate('1'))))
        }
      }),
    )
    expect(({} as Record<string, unknown>)['id']).toBeUndefined()
  })

  it('nested too deeply to be encoded again', () => {
    const state = zoo()
    const deep = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`
    const member = (levels: number) => JSON.parse(`{"user":{"id":"52"},"deep":${deep(levels)}}`)
    for (const levels of [100, 5_000, 100_000]) {
      state.apply('GUILD_MEMBER_UPDATE', '1', member(levels))
      state.apply('GUILD_MEMBER_UPDATE', '1', member(levels))
    }
    expect(state.skipped).toBe(6)
    expect(JSON.parse(state.guildCreateText('1') ?? '')).toEqual(GUILD)
    state.apply('GUILD_MEMBER_UPDATE', '1', member(50))
    expect(state.guildCreateText('1')).toContain(deep(50))
  })

  it('takes __proto__ for the id and the field that it is', () => {
    const state = new GuildState()
    state.apply(
      'GUILD_CREATE',
      '__proto__',
      JSON.parse('{"id":"__proto__","__proto__":{"polluted":true},"channels":[]}'),
    )
    state.apply(
      'CHANNEL_CREATE',
      '__proto__',
      JSON.parse('{"id":"__proto__","__proto__":{"x":1},"guild_id":"__proto__"}'),
    )
    expect(state.guildCreateText('__proto__')).toContain('"__proto__":{"polluted":true}')
    expect(state.guildCreateText('__proto__')).toContain('"channels":[{"id":"__proto__","__proto__":{"x":1}}]')
    expect(state.guildCreate('__proto__')?.['polluted']).toBeUndefined()
    expect(Object.prototype).not.toHaveProperty('polluted')
  })
})

describe('guildIdOf', () => {
  it('looks where the event has it', () => {
    expect(guildIdOf('GUILD_CREATE', { id: '1' })).toBe('1')
    expect(guildIdOf('GUILD_DELETE', { id: '1', guild_id: '2' })).toBe('1')
    expect(guildIdOf('CHANNEL_CREATE', { id: '1', guild_id: '2' })).toBe('2')
    for (const payload of [null, undefined, 1, 'x', {}, { guild_id: 2 }]) expect(guildIdOf('READY', payload)).toBeNull()
  })
})

describe('guildOfChannel', () => {
  it('knows channels and threads for as long as they are there', () => {
    const state = zoo()
    const guildOf = (...ids: string[]) => ids.map((id) => state.guildOfChannel(id))
    expect(guildOf('11', '12', '21', '13', '51', '__proto__')).toEqual(['1', '1', '1', null, null, null])
    state.apply('CHANNEL_CREATE', '1', { id: '13', guild_id: '1' })
    state.apply('THREAD_CREATE', '1', { id: '22', parent_id: '12', guild_id: '1' })
    expect(guildOf('13', '22')).toEqual(['1', '1'])
    state.apply('CHANNEL_DELETE', '1', { id: '11', guild_id: '1' })
    expect(guildOf('11', '21', '22')).toEqual([null, null, '1'])
    state.apply('THREAD_UPDATE', '1', { id: '22', thread_metadata: { archived: true }, guild_id: '1' })
    expect(guildOf('22')).toEqual([null])
  })

  it('keeps those of a guild that is down, and forgets those of one that is left or told anew', () => {
    const state = zoo()
    state.apply('GUILD_DELETE', '1', { id: '1', unavailable: true })
    expect(state.guildOfChannel('11')).toBe('1')
    state.apply('GUILD_CREATE', '1', { ...GUILD, channels: [{ id: '12' }], threads: [] })
    expect([state.guildOfChannel('11'), state.guildOfChannel('12')]).toEqual([null, '1'])
    state.apply('GUILD_DELETE', '1', { id: '1' })
    expect(state.guildOfChannel('12')).toBeNull()
  })

  it('says what a look into every guild would say, after anything', () => {
    const guildIds = ['1', '2', '__proto__']
    let [known, shared] = [0, 0]
    fc.assert(
      fc.property(fc.array(dispatchOf(...guildIds), { maxLength: 40 }), (dispatches) => {
        const state = new GuildState()
        for (const { event, guildId, payload } of dispatches) {
          state.apply(event, guildId, payload)
          for (const id of ['11', '12', '21', '22', '__proto__']) {
            const owners = guildIds.filter((one) => {
              const { channels, threads } = state.get(one)?.collections ?? {}
              return channels?.get(id) !== undefined || threads?.get(id) !== undefined
            })
            // What two guilds claim is nobody's: it is asked who may.
            expect(state.guildOfChannel(id)).toBe(owners.length === 1 ? owners[0] : null)
            if (owners.length === 1) known++
            if (owners.length > 1) shared++
          }
        }
      }),
      { numRuns: 300 },
    )
    for (const count of [known, shared]) expect(count).toBeGreaterThan(50)
  })
})

it('a guild that changes while it is encoded ahead says what it is afterwards', () => {
  const state = new GuildState()
  const member = (n: number, nick: string) => ({ user: { id: `${n}` }, nick })
  const members = Array.from({ length: 2_000 }, (_, n) => member(n, 'first'))
  state.apply('GUILD_CREATE', '1', { id: '1', members })
  const guild = state.get('1')
  let steps = 0
  for (const characters of guild?.encoding() ?? []) {
    expect(characters).toBeGreaterThan(0)
    steps += 1
    for (const n of [steps, 1_000 + steps]) {
      state.apply('GUILD_MEMBER_UPDATE', '1', { guild_id: '1', roles: [], ...member(n, 'second') })
      state.apply('GUILD_MEMBER_REMOVE', '1', { guild_id: '1', user: { id: `${n + 500}` } })
    }
    state.apply('GUILD_MEMBER_ADD', '1', { guild_id: '1', roles: [], ...member(5_000 + steps, 'third') })
  }
  expect(steps).toBeGreaterThan(2)
  expect(guild?.text).toBe(JSON.stringify(state.guildCreate('1')))
  expect(guild?.text).toContain('"second"')
})
