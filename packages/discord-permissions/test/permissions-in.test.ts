import { OverwriteType, PermissionFlagsBits } from 'discord-api-types/v10'
import { describe, expect, it } from 'vitest'
import { permissionsIn } from '../src/index.ts'

const { ViewChannel, SendMessages, ReadMessageHistory, Administrator } = PermissionFlagsBits
const text = (...bits: bigint[]) => String(bits.reduce((sum, bit) => sum | bit, 0n))

const EVERYONE = '1'
const guild = (everyone: string, ...roles: [id: string, permissions: string][]) => ({
  id: EVERYONE,
  owner_id: '9',
  roles: [{ id: EVERYONE, permissions: everyone }, ...roles.map(([id, permissions]) => ({ id, permissions }))],
})
const member = (...roles: string[]) => ({ user: { id: '5' }, roles })
const role = (id: string, { allow = '0', deny = '0' }) => ({ id, type: OverwriteType.Role, allow, deny })
const channel = (...overwrites: unknown[]) => ({ permission_overwrites: overwrites })

describe('permissionsIn', () => {
  it('is the sum of @everyone and the member’s roles, and of no other', () => {
    const here = guild(text(ViewChannel), ['2', text(SendMessages)], ['3', text(ReadMessageHistory)])
    expect(permissionsIn(member('2'), here, channel())).toBe(ViewChannel | SendMessages)
  })

  it('is all for the owner and for administrators, whatever a channel says', () => {
    const closed = channel(role(EVERYONE, { deny: text(ViewChannel) }))
    const owner = { user: { id: '9' }, roles: [] }
    expect(permissionsIn(owner, guild('0'), closed) & SendMessages).toBe(SendMessages)
    const administrators = guild('0', ['2', text(Administrator)])
    expect(permissionsIn(member('2'), administrators, closed) & SendMessages).toBe(SendMessages)
  })

  it('lets overwrites follow each other: @everyone, roles together, member', () => {
    const here = guild(text(ViewChannel), ['2', '0'], ['3', '0'])
    const viewed = (...overwrites: unknown[]) => permissionsIn(member('2', '3'), here, channel(...overwrites)) !== 0n
    const closed = role(EVERYONE, { deny: text(ViewChannel) })
    const open = role('2', { allow: text(ViewChannel) })
    expect(viewed(closed)).toBe(false)
    expect(viewed(closed, open)).toBe(true)
    // Of two roles the one that allows wins.
    expect(viewed(open, role('3', { deny: text(ViewChannel) }), closed)).toBe(true)
    expect(viewed(open, { id: '5', type: OverwriteType.Member, allow: '0', deny: text(ViewChannel) })).toBe(false)
    expect(viewed(closed, role('4', { allow: text(ViewChannel) }))).toBe(false)
  })

  it('is nothing where the channel may not be viewed', () => {
    expect(permissionsIn(member(), guild(text(SendMessages)), channel())).toBe(0n)
  })

  it.each([
    [{ permission_overwrites: 'x' }],
    [{ permission_overwrites: [{ id: EVERYONE, type: 0, allow: 'all' }] }],
    [{}],
  ])('grants nothing for what is not as documented: %j', (odd) => {
    expect(permissionsIn(member(), guild('0', ['2', '8']), odd)).toBe(0n)
    expect(permissionsIn(member(), { id: EVERYONE, roles: [{ id: EVERYONE, permissions: '-1' }] }, odd)).toBe(0n)
  })
})
