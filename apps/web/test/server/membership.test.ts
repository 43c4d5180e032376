import { LinkError } from '@repo/discord-integration/types'
import { GuildState } from '@repo/event-feed'
import { GatewayIntentBits } from 'discord-api-types/v10'
import { afterEach, describe, expect, it } from 'vitest'
import { LinkMembership, MEMBER_MAX_AGE_MS } from '../../src/server/membership/link-membership.ts'

const member = (id: string, roles: string[] = []) => ({ user: { id }, roles })

const opened: LinkMembership[] = []
afterEach(() => opened.splice(0).forEach((membership) => membership.close()))

/** Guild 1, in which the state knows 5; what REST is asked is kept, and answered with `answer`. */
function sceneOf({
  intents = 0,
  answer = () => member('5'),
}: { intents?: number | null; answer?: () => unknown } = {}) {
  const state = new GuildState()
  state.apply('GUILD_CREATE', '1', { id: '1', members: [member('5', ['from the state'])] })
  const asked: string[] = []
  const scene = { state, now: 1_000, intents, answer, asked, isReady: true, threadAnswer: (): unknown => ({}) }
  const membership = new LinkMembership({
    state: () => state,
    isReady: () => scene.isReady,
    ask: {
      intents: async () => scene.intents,
      member: async (guildId, userId) => {
        asked.push(`${guildId} ${userId}`)
        return scene.answer()
      },
      threadMember: async (threadId, userId) => {
        asked.push(`thread ${threadId} ${userId}`)
        return scene.threadAnswer()
      },
    },
    now: () => scene.now,
  })
  opened.push(membership)
  const hear = (event: string, payload: object) =>
    membership.receive({
      type: 'event',
      data: { event: event as never, payload: { guild_id: '1', ...payload } },
      ts: 1,
    })
  return Object.assign(scene, { membership, hear })
}

const refuse = (code: string, retryAfter?: number) => () => {
  throw new LinkError(code, 'no', { retryAfter })
}

describe('without the members intent', () => {
  it('believes REST and not the state, and asks again after a minute', async () => {
    const s = sceneOf()
    expect(s.membership.known('1', '5')).toBeUndefined()
    expect(await s.membership.memberOf('1', '5')).toEqual(member('5'))
    s.answer = () => member('5', ['9'])
    s.now += MEMBER_MAX_AGE_MS - 1
    expect(await s.membership.memberOf('1', '5')).toEqual(member('5'))
    expect(s.membership.goodUntil('1', '5')).toBe(1_000 + MEMBER_MAX_AGE_MS)
    s.now += 1
    expect(s.membership.known('1', '5')).toBeUndefined()
    expect(await s.membership.memberOf('1', '5')).toEqual(member('5', ['9']))
    expect(s.asked).toEqual(['1 5', '1 5'])
  })

  it('counts the age from when it asked, not from when it was answered', async () => {
    const s = sceneOf()
    const answer = Promise.withResolvers<unknown>()
    s.answer = () => answer.promise
    const asked = s.membership.memberOf('1', '5')
    await expect.poll(() => s.asked).toHaveLength(1)
    s.now += MEMBER_MAX_AGE_MS
    answer.resolve(member('5'))
    await asked
    expect(s.membership.known('1', '5')).toBeUndefined()
  })

  it('asks once for all who ask at the same time', async () => {
    const s = sceneOf()
    await Promise.all([s.membership.memberOf('1', '5'), s.membership.memberOf('1', '5')])
    expect(s.asked).toEqual(['1 5'])
  })

  it.each(['UNKNOWN_MEMBER', 'UNKNOWN_USER', 'UNKNOWN_GUILD', 'MISSING_ACCESS'])('takes %s for no', async (code) => {
    const s = sceneOf({ answer: refuse(code) })
    expect(await s.membership.memberOf('1', '5')).toBeNull()
    expect(s.membership.known('1', '5')).toBeNull()
  })

  it.each(['NOT_CONNECTED', 'DISCORD_UNAVAILABLE', 'FORBIDDEN', 'RATE_LIMITED'])(
    'takes %s for no answer, which is thrown and not kept',
    async (code) => {
      const s = sceneOf({ answer: refuse(code, 3) })
      const unknown = { name: 'MembershipUnknown', code, retryAfter: 3 }
      await expect(s.membership.memberOf('1', '5')).rejects.toMatchObject(unknown)
      expect(s.membership.known('1', '5')).toBeUndefined()
      s.answer = () => member('5')
      expect(await s.membership.memberOf('1', '5')).toEqual(member('5'))
    },
  )

  it.each([[{}], [{ user: { id: '5' } }], [member('6')], ['5']])('does not take %j for a member', async (said) => {
    const s = sceneOf({ answer: () => said })
    await expect(s.membership.memberOf('1', '5')).rejects.toMatchObject({ code: 'DISCORD_ERROR' })
  })

  it.each<[string, object]>([
    ['GUILD_MEMBER_ADD', { user: { id: '5' } }],
    ['GUILD_MEMBER_UPDATE', { user: { id: '5' }, roles: [] }],
    ['GUILD_MEMBER_REMOVE', { user: { id: '5' } }],
    ['GUILD_BAN_ADD', { user: { id: '5' } }],
    ['GUILD_MEMBERS_CHUNK', { members: [member('6'), member('5')] }],
    ['GUILD_AUDIT_LOG_ENTRY_CREATE', { action_type: 20, target_id: '5' }],
    ['GUILD_AUDIT_LOG_ENTRY_CREATE', { action_type: 21, target_id: null }],
    ['GUILD_AUDIT_LOG_ENTRY_CREATE', { action_type: 25, target_id: '5' }],
    ['MESSAGE_CREATE', { author: { id: '5' }, member: { roles: ['another'] } }],
    ['VOICE_STATE_UPDATE', { user_id: '5', member: { roles: [], communication_disabled_until: 'then' } }],
    ['GUILD_CREATE', { id: '1' }],
    ['GUILD_DELETE', { id: '1' }],
  ])('asks again after %s %j', async (event, payload) => {
    const s = sceneOf()
    await s.membership.memberOf('1', '5')
    const forgotten: unknown[] = []
    s.membership.onForget((which) => forgotten.push(which.guildId))
    s.hear(event, payload)
    expect(s.membership.known('1', '5')).toBeUndefined()
    expect(forgotten).toContain('1')
  })

  it.each<[string, object]>([
    ['GUILD_MEMBER_UPDATE', { user: { id: '6' } }],
    ['GUILD_MEMBER_REMOVE', { guild_id: '2', user: { id: '5' } }],
    ['GUILD_AUDIT_LOG_ENTRY_CREATE', { action_type: 10, target_id: '5' }],
    ['MESSAGE_CREATE', { author: { id: '5' }, member: { roles: [], nick: 'five' } }],
    ['MESSAGE_CREATE', { author: { id: '5' } }],
    ['CHANNEL_UPDATE', { id: '7' }],
  ])('and not after %s %j', async (event, payload) => {
    const s = sceneOf()
    await s.membership.memberOf('1', '5')
    s.hear(event, payload)
    expect(s.membership.known('1', '5')).toEqual(member('5'))
  })

  it('after a gap, of the guilds that it concerns', async () => {
    const s = sceneOf()
    s.state.apply('GUILD_CREATE', '2', { id: '2' })
    const both = () => Promise.all(['1', '2'].map((id) => s.membership.memberOf(id, '5')))
    const known = () => ['1', '2'].map((id) => s.membership.known(id, '5') !== undefined)
    const gap = (data: object) => s.membership.receive({ type: 'sync', data: { state: 'gap', ...data }, ts: 1 })
    await both()
    gap({ guild_id: '2' })
    expect(known()).toEqual([true, false])
    await both()
    gap({ shard: [1, 2] })
    expect(known()).toEqual([true, true])
    gap({ shard: [0, 2] })
    expect(known()).toEqual([false, false])
    await both()
    gap({})
    expect(known()).toEqual([false, false])
    await both()
    s.membership.receive({ type: 'sync', data: { state: 'live', id: 'e-1' }, ts: 1 })
    expect(known()).toEqual([true, true])
    s.membership.receive({ type: 'sync', data: { state: 'snapshot' }, ts: 1 })
    expect(known()).toEqual([false, false])
  })

  it('reads again what an event has overtaken, and grants nothing by it', async () => {
    const s = sceneOf()
    const first = Promise.withResolvers<unknown>()
    s.answer = () => first.promise
    const asked = s.membership.memberOf('1', '5')
    await expect.poll(() => s.asked).toHaveLength(1)
    s.hear('GUILD_BAN_ADD', { user: { id: '5' } })
    s.answer = refuse('UNKNOWN_MEMBER')
    first.resolve(member('5'))
    expect(await asked).toBeNull()
  })

  it('does not know what one event after another overtakes', async () => {
    const s = sceneOf()
    s.answer = () => {
      s.membership.forget('1')
      return member('5')
    }
    await expect(s.membership.memberOf('1', '5')).rejects.toMatchObject({ code: 'DISCORD_UNAVAILABLE' })
  })

  it('asks for few at once, and for the others in their turn', async () => {
    const s = sceneOf()
    const answers: PromiseWithResolvers<unknown>[] = []
    s.answer = () => {
      const answer = Promise.withResolvers<unknown>()
      answers.push(answer)
      return answer.promise
    }
    const asked = Array.from({ length: 40 }, (_, n) => s.membership.memberOf('1', String(100 + n)))
    await expect.poll(() => answers.length).toBe(16)
    for (let n = 0; n < 40; n++) {
      await expect.poll(() => answers.length).toBeGreaterThan(n)
      expect(answers.length - n).toBeLessThanOrEqual(16)
      answers[n]?.resolve(member(String(100 + n)))
    }
    expect((await Promise.all(asked)).map((one) => one?.user.id)).toEqual(
      Array.from({ length: 40 }, (_, n) => String(100 + n)),
    )
  })
})

describe('with the members intent', () => {
  const intents = GatewayIntentBits.GuildMembers

  it('believes the state, to the second, and asks REST for whom the state does not list', async () => {
    const s = sceneOf({ intents, answer: refuse('UNKNOWN_MEMBER') })
    expect(await s.membership.memberOf('1', '5')).toEqual(member('5', ['from the state']))
    expect(s.membership.keepsCurrent).toBe(true)
    expect(s.membership.goodUntil('1', '5')).toBe(Number.POSITIVE_INFINITY)
    expect(s.asked).toEqual([])
    s.state.apply('GUILD_MEMBER_REMOVE', '1', { guild_id: '1', user: { id: '5' } })
    expect(s.membership.known('1', '5')).toBeUndefined()
    expect(await s.membership.memberOf('1', '5')).toBeNull()
    expect(s.asked).toEqual(['1 5'])
  })

  it('is believed as far as the gateway says it has it, asked anew at each link', async () => {
    const s = sceneOf({ intents })
    await s.membership.memberOf('1', '5')
    s.intents = 0
    s.membership.linked()
    await expect.poll(() => s.membership.keepsCurrent).toBe(false)
    expect(await s.membership.memberOf('1', '5')).toEqual(member('5'))
    s.intents = intents
    s.membership.linked()
    await expect.poll(() => s.membership.keepsCurrent).toBe(true)
  })

  it('is believed as before while a gateway that has come back does not know yet, and asked about until it does', async () => {
    const s = sceneOf({ intents })
    await s.membership.memberOf('1', '5')
    s.intents = null
    s.membership.linked()
    expect(await s.membership.memberOf('1', '5')).toEqual(member('5', ['from the state']))
    expect(s.membership.keepsCurrent).toBe(true)
    s.intents = 0
    await expect.poll(() => s.membership.keepsCurrent).toBe(false)
  })

  it('counts as off while the gateway does not know', async () => {
    const s = sceneOf({ intents: null })
    expect(await s.membership.memberOf('1', '5')).toEqual(member('5'))
    expect(s.membership.keepsCurrent).toBe(false)
    s.intents = intents
    s.now += 1_000
    expect(await s.membership.memberOf('1', '5')).toEqual(member('5', ['from the state']))
  })
})

it('asks nothing of a guild that the bot is not in, and knows nothing before there is a state', async () => {
  const s = sceneOf()
  expect(await s.membership.memberOf('2', '5')).toBeNull()
  s.isReady = false
  expect(s.membership.known('1', '5')).toBeUndefined()
  await expect(s.membership.memberOf('1', '5')).rejects.toMatchObject({ code: 'NOT_CONNECTED' })
  expect(s.asked).toEqual([])
})

it('knows who is in a thread until the thread’s members change', async () => {
  const s = sceneOf()
  expect(await s.membership.isInThread('1', '8', '5')).toBe(true)
  s.threadAnswer = refuse('UNKNOWN_MEMBER')
  expect(await s.membership.isInThread('1', '8', '5')).toBe(true)
  s.hear('THREAD_MEMBERS_UPDATE', { id: '8', removed_member_ids: ['5'] })
  expect(await s.membership.isInThread('1', '8', '5')).toBe(false)
  s.threadAnswer = refuse('RATE_LIMITED')
  await expect(s.membership.isInThread('1', '8', '6')).rejects.toMatchObject({ code: 'RATE_LIMITED' })
})
