import { GuildState } from '@repo/event-feed'
import { expect, it } from 'vitest'
import { Admission } from '../../src/server/sight/admission.ts'
import { StateMembership } from './state-membership.ts'

it.each([
  ['of them', ['1', '5'], 2],
  ['of the guild', ['1'], 2],
  ['of all', [], 2],
  ['of somebody else', ['1', '6'], 1],
  ['of another guild', ['2'], 1],
])('what is forgotten %s while it is asked in which threads somebody is', async (_, forgotten, times) => {
  const state = new GuildState()
  const member = { user: { id: '5' }, roles: [] }
  state.apply('GUILD_CREATE', '1', { id: '1', members: [member] })
  const membership = new StateMembership(() => state)
  let asked = 0
  const admission = new Admission({
    takeAsking: () => null,
    membership,
    stateOf: () => ({ isKnown: true, isCurrent: true }),
    mayHave: () => true,
    onChange: () => () => {},
    threadsOf: async () => {
      asked += 1
      if (asked === 1) membership.forget(...forgotten)
      return new Set([`thread ${asked}`])
    },
  })
  const entrant = await admission.wait('1', '5', new AbortController().signal)
  expect(entrant).toEqual({ member, threads: new Set([`thread ${times}`]) })
  expect(asked).toBe(times)
})
