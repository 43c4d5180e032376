import { GuildState } from '@repo/event-feed'
import { describe, expect, it } from 'vitest'
import type { HandlerContext } from '../src/commands/handler.ts'
import { EVERY_SCOPE, type Scopes } from '../src/tokens/scopes.ts'
import { handlersOf } from './helpers.ts'

const GUILD = {
  id: '1',
  name: 'Workshop',
  channels: [{ id: '10', type: 0 }],
  members: [{ user: { id: '7' }, roles: [] }],
  presences: [{ user: { id: '7' }, status: 'online' }],
}

/** What is answered of a guild that is known as given, where a guild may be told in so many bytes. */
function started(guild: object = GUILD, payloadMaxBytes = 1e6) {
  const state = new GuildState()
  state.expect(['2'])
  state.apply('GUILD_CREATE', '1', guild)
  const { get_guild_snapshot: handler } = handlersOf({
    guildOf: (id) => state.get(id) ?? (state.lists(id) ? undefined : null),
    guildText: (id) => state.get(id)?.textWithin(payloadMaxBytes) ?? null,
  })
  const snapshot = (guild_id: string, scopes: Partial<Scopes> = {}) => {
    const backend = { id: 'b', name: 'web', scopes: { ...EVERY_SCOPE, ...scopes } }
    // It has no Discord to ask.
    return handler({ guild_id }, { action: 'get guild snapshot', backend } as HandlerContext)
  }
  return { state, snapshot }
}

describe('get_guild_snapshot', () => {
  it('is what a snapshot’s GUILD_CREATE says, as it is now', async () => {
    const { state, snapshot } = started()
    state.apply('GUILD_UPDATE', '1', { id: '1', name: 'Pottery' })
    const { guild } = await snapshot('1')
    expect(guild).toEqual(state.guildCreate('1'))
    expect(guild).toMatchObject({ ...GUILD, name: 'Pottery' })
  })

  it('leaves out presences and members of one that is larger than may be told', async () => {
    const members = Array.from({ length: 100 }, (_, n) => ({ user: { id: `${1_000 + n}` }, roles: [] }))
    const { guild } = await started({ ...GUILD, members }, 2_000).snapshot('1')
    expect(guild).toMatchObject({ large: true, presences: [], channels: GUILD.channels })
    expect(guild.members.length).toBeGreaterThan(0)
    expect(JSON.stringify(guild).length).toBeLessThanOrEqual(2_000)
  })

  it.each([
    ['the bot is not in', 'UNKNOWN_GUILD', '3', 1e6],
    ['Discord has not told yet', 'DISCORD_UNAVAILABLE', '2', 1e6],
    ['is too large even so', 'DISCORD_UNAVAILABLE', '1', 50],
  ])('of a server that %s it is %s', async (_which, code, guildId, payloadMaxBytes) => {
    const { snapshot } = started(GUILD, payloadMaxBytes)
    await expect(snapshot(guildId)).rejects.toMatchObject({ code })
  })

  it('is for those alone who are sent GUILD_CREATE', async () => {
    const { snapshot } = started()
    await expect(snapshot('1', { events: new Set(['MESSAGE_CREATE']) })).rejects.toMatchObject({ code: 'FORBIDDEN' })
    expect(await snapshot('1', { events: new Set(['GUILD_CREATE']) })).toMatchObject({ success: true })
  })
})
