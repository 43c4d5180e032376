import { GuildState } from '@repo/event-feed'
import { describe, expect, it } from 'vitest'
import { accessOf, mayEnter } from '../../src/server/auth/access.server.ts'
import { signInOptions } from '../../src/server/auth/sign-in-options.server.ts'
import { readConfig } from '../../src/server/config.ts'
import type { Gateway } from '../../src/server/init/gateway-client-init.server.ts'

const viewer = (id: string) => ({ user: { id, username: id, avatar: null } })
const [ada, bob, eve] = [viewer('5'), viewer('6'), viewer('7')]

const MODERATE_MEMBERS = String(1n << 40n)

function stateOfTwo(): GuildState {
  const state = new GuildState()
  const roles = [{ id: '91', permissions: MODERATE_MEMBERS }]
  const members = [{ user: { id: '5' } }, { user: { id: '6' }, roles: ['91', '92'] }]
  state.apply('GUILD_CREATE', '1', { id: '1', name: 'Ark', owner_id: '5', roles, members })
  state.apply('GUILD_CREATE', '2', { id: '2', name: 'Zoo', owner_id: '9', members: [{ user: { id: '5' } }] })
  return state
}

function gateway(state: GuildState, link: 'live' | 'waiting', ready = true) {
  const mayHave = (id: string) => link !== 'live' || !ready || state.lists(id)
  return { feed: { state, ready }, client: { status: { state: link } }, mayHave } as unknown as Gateway
}

describe('mayEnter', () => {
  it('lets in whoever is known to be a member, and keeps out who has left', () => {
    const state = stateOfTwo()
    expect(['1', '2', '3'].map((id) => mayEnter(ada, id, state))).toEqual([true, true, false])
    expect(['1', '2', '3'].map((id) => mayEnter(bob, id, state))).toEqual([true, false, false])
    state.apply('GUILD_MEMBER_REMOVE', '1', { guild_id: '1', user: { id: '6' } })
    expect(mayEnter(bob, '1', state)).toBe(false)
  })
})

describe('accessOf', () => {
  it('is the same for a guild that is not there and one of others, whatever is known', () => {
    const state = stateOfTwo()
    for (const there of [gateway(state, 'live'), gateway(state, 'waiting'), gateway(new GuildState(), 'live', false)]) {
      const answers = ['1', '2', '3'].map((id) => accessOf(eve, id, there))
      expect(new Set(answers).size).toBe(1)
    }
    expect(accessOf(eve, '1', gateway(state, 'live'))).toBe('stranger')
  })

  it('lets members in while the link is away, and lets others wait for it', () => {
    const state = stateOfTwo()
    expect(accessOf(ada, '1', gateway(state, 'waiting'))).toBe('member')
    expect(accessOf(eve, '1', gateway(state, 'waiting'))).toBe('unknown')
  })

  it('waits for a guild of which Discord has told nothing yet', () => {
    const state = stateOfTwo()
    state.apply('GUILD_DELETE', '4', { id: '4', unavailable: true })
    expect(accessOf(ada, '4', gateway(state, 'live'))).toBe('unknown')
  })
})

describe('signInOptions', () => {
  const people = { DEMO_PEOPLE: '5:ada,6:bob,7:eve', DISCORD_CLIENT_ID: '1', DISCORD_CLIENT_SECRET: 'hush' }

  it('names the demo’s people, and what they are here', () => {
    const demo = readConfig({ LINK_TOKEN: 'a', ...people }, ['--demo'])
    expect(signInOptions(demo, stateOfTwo())).toEqual({
      isSetUp: true,
      people: [
        { id: '5', name: 'ada', standing: 'owner', servers: ['Ark'] },
        { id: '6', name: 'bob', standing: 'moderator', servers: ['Ark'] },
        { id: '7', name: 'eve', standing: 'stranger', servers: [] },
      ],
    })
  })

  it('names nobody outside of it', () => {
    const config = readConfig({ LINK_TOKEN: 'a', ...people }, [])
    expect(signInOptions(config, stateOfTwo())).toEqual({ isSetUp: true, people: [] })
    expect(signInOptions(readConfig({ LINK_TOKEN: 'a' }, []), stateOfTwo())).toEqual({ isSetUp: false, people: [] })
  })
})
