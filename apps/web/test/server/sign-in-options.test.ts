import { GuildState } from '@repo/event-feed'
import { ChannelType, PermissionFlagsBits } from 'discord-api-types/v10'
import { describe, expect, it } from 'vitest'
import { signInOptions } from '../../src/server/auth/sign-in-options.server.ts'
import { readConfig } from '../../src/server/config.ts'

const { ViewChannel, SendMessages, MoveMembers, ModerateMembers } = PermissionFlagsBits
const bits = (...all: bigint[]) => String(all.reduce((sum, bit) => sum | bit, 0n))

function stateOfTwo(): GuildState {
  const state = new GuildState()
  const roles = [
    { id: '1', permissions: bits(ViewChannel, SendMessages) },
    { id: '91', permissions: bits(MoveMembers, ModerateMembers) },
  ]
  const members = [
    { user: { id: '5' }, roles: [] },
    { user: { id: '6' }, roles: ['91', '92'] },
    { user: { id: '8' }, roles: [] },
  ]
  const denied = (...all: bigint[]) => [{ id: '1', type: 0, allow: '0', deny: bits(...all) }]
  const channels = [
    { id: '10', type: ChannelType.GuildCategory, permission_overwrites: [] },
    { id: '11', type: ChannelType.GuildText, permission_overwrites: [] },
    { id: '12', type: ChannelType.GuildText, permission_overwrites: denied(SendMessages) },
    { id: '13', type: ChannelType.GuildVoice, permission_overwrites: denied(ViewChannel) },
  ]
  state.apply('GUILD_CREATE', '1', { id: '1', name: 'Ark', owner_id: '5', roles, members, channels })
  state.apply('GUILD_CREATE', '2', { id: '2', name: 'Zoo', owner_id: '9', members: [{ user: { id: '5' } }] })
  return state
}

describe('signInOptions', () => {
  const people = { DEMO_PEOPLE: '5:ada,6:bob,8:cyd,7:eve', DISCORD_CLIENT_ID: '1', DISCORD_CLIENT_SECRET: 'hush' }

  it('names the demo’s people, and what they are here', () => {
    const demo = readConfig({ LINK_TOKEN: 'a', ...people }, ['--demo'])
    expect(signInOptions(demo, stateOfTwo())).toEqual({
      isSetUp: true,
      people: [
        {
          id: '5',
          name: 'ada',
          standing: 'owner',
          servers: ['Ark'],
          may: ['move', 'mute', 'time out'],
          channels: { all: 3, seen: 3, written: 3 },
        },
        {
          id: '6',
          name: 'bob',
          standing: 'moderator',
          servers: ['Ark'],
          may: ['move', 'time out'],
          channels: { all: 3, seen: 2, written: 1 },
        },
        {
          id: '8',
          name: 'cyd',
          standing: 'member',
          servers: ['Ark'],
          may: [],
          channels: { all: 3, seen: 2, written: 1 },
        },
        {
          id: '7',
          name: 'eve',
          standing: 'stranger',
          servers: [],
          may: [],
          channels: { all: 0, seen: 0, written: 0 },
        },
      ],
    })
  })

  it('names nobody outside of it', () => {
    const config = readConfig({ LINK_TOKEN: 'a', ...people }, [])
    expect(signInOptions(config, stateOfTwo())).toEqual({ isSetUp: true, people: [] })
    expect(signInOptions(readConfig({ LINK_TOKEN: 'a' }, []), stateOfTwo())).toEqual({ isSetUp: false, people: [] })
  })
})
