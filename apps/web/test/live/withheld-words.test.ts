import { visibility } from '@repo/discord-permissions'
import { expect, test } from 'vitest'
import { goesOnlyTo, restrictedNames, whyNothing } from '../../src/live/log/withheld-words.ts'

test('there are words for each event that takes a permission, and for no other', () => {
  const taking = Object.entries(visibility).flatMap(([event, { kind }]) => (kind === 'permission' ? [event] : []))
  expect(Object.keys(goesOnlyTo).toSorted()).toEqual(taking.toSorted())
})

const all = Object.keys(goesOnlyTo)
const bans = 'Bans go only to people who may ban.'
const integrations = 'Integrations go only to people who may manage the server.'

test.each([
  ['event:GUILD_BAN_*', all, bans],
  ['event:guild_ban from:pikelet', all, bans],
  ['event:GUILD_BAN_ADD event:GUILD_BAN_REMOVE', all, bans],
  ['event:GUILD_BAN_ADD event:MESSAGE_CREATE', all, ''],
  ['event:"GUILD_BAN_ADD"', ['GUILD_BAN_ADD'], bans],
  ['event:GUILD_BAN_*', ['GUILD_BAN_ADD'], ''],
  ['event:GUILD_BAN_*', [], ''],
  ['event:*INTEGRATION*', all, integrations],
  ['event:*GUILD_*_ADD', all, ''],
  ['event:GUILD_', all, ''],
  ['event:NOWHERE', all, ''],
  ['event:', all, ''],
  ['bans', all, ''],
  ['', all, ''],
])('%s, of %j that are withheld: %s', (filter, withheld, says) => {
  expect(whyNothing(restrictedNames(filter), withheld)).toBe(says)
})
