import fc from 'fast-check'
import { expect, test } from 'vitest'
import { PEOPLE } from '../src/index.ts'
import { ROUTES } from '../src/rest/routes/all.ts'
import { KEPT } from '../src/world/apply/apply.ts'
import { RawClient, identity } from './raw-client.ts'
import { keptPayloads, pathsIn, withAt } from './kept.ts'
import { scene } from './scene.ts'
import type { Scene } from './scene.ts'

/** Queries without which a route would not look at what there is. */
const QUERIES: Readonly<Record<string, string>> = {
  '/guilds/:guild_id/members': '?limit=1000',
  '/guilds/:guild_id/members/search': '?query=p&limit=1000',
  '/guilds/:guild_id/messages/search': '?content=good',
  '/guilds/:guild_id/prune': '?days=7',
  '/guilds/:guild_id/scheduled-events': '?with_user_count=true',
  '/guilds/:guild_id/scheduled-events/:event_id/users': '?with_member=true',
  '/channels/:channel_id/thread-members': '?with_member=true',
  '/guilds/:guild_id': '?with_counts=true',
}

/** Every route that reads, asked for each thing that there may be. */
function reads(at: Scene): string[] {
  const places: Readonly<Record<string, readonly string[]>> = {
    ':guild_id': [at.guild.id],
    ':channel_id': [at.channel('general'), at.guild.threads[0]!.id, at.channel('Friday demo'), '80', '81'],
    ':message_id': ['76'],
    ':user_id': [PEOPLE.pikelet.id, at.bot.id],
    ':role_id': [at.role('Steward').id],
    ':application_id': [at.bot.id],
    ':event_id': [at.guild.guild_scheduled_events[0]!.id, '84'],
    ':rule_id': ['72'],
    ':sound_id': ['73'],
    ':emoji_id': ['74'],
    ':sticker_id': ['75'],
    ':emoji': [encodeURIComponent('🔥')],
    ':answer_id': ['1'],
  }
  const filled = (path: string): string[] => {
    const [name] = /:[a-z_]+/.exec(path) ?? []
    if (name === undefined) return [path]
    return (places[name] ?? ['1']).flatMap((id) => filled(path.replace(name, id)))
  }
  const paths = ROUTES.filter(({ method }) => method === 'GET').flatMap(({ path }) =>
    filled(path).map((asked) => `/api/v10${asked}${QUERIES[path] ?? ''}`),
  )
  return [...paths, ...[at.channel('general'), '80'].map((id) => `/_simulator/view?channel_id=${id}`)]
}

/** What does not answer, of all that can be asked, and of a new session's guilds. */
async function failing(at: Scene): Promise<unknown[]> {
  const headers = { authorization: `Bot ${at.simulator.botToken}` }
  const asked = reads(at).map(async (path) => {
    const response = await fetch(`${at.simulator.url}${path}`, { headers })
    const text = await response.text()
    return response.status < 500 || /"code":0,"message":"501/.test(text) ? [] : [[path, text]]
  })
  const failed = (await Promise.all(asked)).flat()
  await using client = new RawClient(at.simulator.gatewayUrl)
  await client.op(10)
  client.send(2, identity(at.simulator))
  for (const { unavailable } of at.simulator.world.guilds()) if (!unavailable) await client.event('GUILD_CREATE')
  return failed
}

const DROP = Symbol('left out')
const ODD = [DROP, null, 7, -1, 1e21, true, '', 'x', [], [null], {}, [{}], ['x']] as const

test.each([
  ['MESSAGE_CREATE', { id: '76', poll: {} }],
  ['MESSAGE_CREATE', { id: '76', poll: { answers: 5 } }],
  ['GUILD_SCHEDULED_EVENT_CREATE', { id: '84' }],
  ['GUILD_SCHEDULED_EVENT_UPDATE', { id: '84', status: 9 }],
  ['GUILD_CREATE', { id: '85', name: 'bare' }],
])('one %s with %j broke REST until it was deleted', async (event, fields) => {
  await using at = await scene()
  const channel_id = at.channel('general')
  at.simulator.dispatch(event, { guild_id: at.guild.id, channel_id, ...fields })
  expect(await failing(at)).toEqual([])
  expect((await at.call('GET', '/guilds/85/welcome-screen')).status).toBeLessThan(500)
  const plan = { name: 'Kilns', entity_type: 3, entity_metadata: { location: 'Here' }, privacy_level: 2 }
  const hours = { scheduled_start_time: '2026-12-01T18:00:00Z', scheduled_end_time: '2026-12-01T19:00:00Z' }
  expect((await at.call('POST', `/guilds/${at.guild.id}/scheduled-events`, { ...plan, ...hours })).status).toBe(200)
  expect((await at.call('POST', `/channels/${channel_id}/messages`, { content: 'x' })).status).toBe(200)
})

test(
  'no dispatch of what the world keeps makes a route that reads, or IDENTIFY, fail',
  { timeout: 120_000 },
  async () => {
    await using at = await scene({ sessionStarts: 1_000_000 })
    const { simulator, guild } = at
    const right = keptPayloads(simulator.world, structuredClone(guild))
    expect(Object.keys(right).toSorted()).toEqual(KEPT.toSorted())
    const whole = structuredClone(right['GUILD_CREATE'])
    const wrong = fc
      .constantFrom(...KEPT)
      .chain((event) => fc.constantFrom(...Object.keys(right[event]!)).map((key) => ({ event, key })))
      .chain(({ event, key }) => {
        const paths = pathsIn(Reflect.get(right[event]!, key)).map((path) => [key, ...path])
        // Fields of the payload itself as often as all that is deeper in one of them.
        const path = fc.oneof(fc.constant([key]), fc.constantFrom(...paths))
        return fc.record({ event: fc.constant(event), path, odd: fc.constantFrom(...ODD), isAll: fc.boolean() })
      })
    const reset = () => {
      simulator.dispatch('GUILD_CREATE', whole!)
      simulator.dispatch('MESSAGE_DELETE', { id: '76', channel_id: at.channel('general') })
      const { autoModeration, bans, interested } = simulator.world
      for (const kept of [autoModeration, bans, interested]) kept.clear()
    }
    reset()
    for (const [event, payload] of Object.entries(right)) simulator.dispatch(event, payload)
    expect(await failing(at)).toEqual([])
    await fc.assert(
      fc.asyncProperty(fc.array(wrong, { minLength: 1, maxLength: 25, size: 'max' }), async (deeds) => {
        reset()
        for (const event of ['MESSAGE_CREATE', 'GUILD_BAN_ADD']) simulator.dispatch(event, right[event]!)
        for (const { event, path, odd, isAll } of deeds) {
          const payload = withAt(right[event], path, odd === DROP ? undefined : odd) as object
          // An update may say as little as what it is of, and one thing more.
          const said = Object.entries(payload).filter(([key]) => isAll || key === path[0] || /^(\w+_)?id$/.test(key))
          simulator.dispatch(event, Object.fromEntries(said))
        }
        expect(await failing(at)).toEqual([])
      }),
      { numRuns: 40 },
    )
  },
)
