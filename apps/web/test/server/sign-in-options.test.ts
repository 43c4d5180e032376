import { GuildState } from '@repo/event-feed'
import { describe, expect, it } from 'vitest'
import { signInOptions } from '../../src/server/auth/sign-in-options.server.ts'
import { readConfig } from '../../src/server/config.ts'

const MODERATE_MEMBERS = String(1n << 40n)

function stateOfTwo(): GuildState {
  const state = new GuildState()
  const roles = [{ id: '91', permissions: MODERATE_MEMBERS }]
  const members = [{ user: { id: '5' } }, { user: { id: '6' }, roles: ['91', '92'] }]
  state.apply('GUILD_CREATE', '1', { id: '1', name: 'Ark', owner_id: '5', roles, members })
  state.apply('GUILD_CREATE', '2', { id: '2', name: 'Zoo', owner_id: '9', members: [{ user: { id: '5' } }] })
  return state
}

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
