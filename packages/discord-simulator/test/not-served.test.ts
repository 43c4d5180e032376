import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { startSimulator } from '../src/index.ts'
import { NOT_SERVED } from '../src/rest/not-served.ts'
import { ROUTES } from '../src/rest/routes/all.ts'
import { asDescribedRoute, describedRoutes } from './spec.ts'

const served = ROUTES.map(({ method, path }) => asDescribedRoute(`${method} ${path}`))
const missing = NOT_SERVED.flatMap(({ routes }) => routes)

test('every route of Discord’s is answered, or named among those that are not', () => {
  const named = new Set([...served, ...missing.map(asDescribedRoute)])
  expect(describedRoutes().length).toBeGreaterThan(200)
  expect(describedRoutes().filter((route) => !named.has(route))).toEqual([])
})

test('no route is named that Discord does not have, or that is answered', () => {
  const described = new Set(describedRoutes())
  expect(missing.filter((name) => !described.has(asDescribedRoute(name)))).toEqual([])
  expect(missing.filter((name) => served.includes(asDescribedRoute(name)))).toEqual([])
  expect(new Set(missing).size).toBe(missing.length)
})

test('what is not served said that there is no such route', async () => {
  await using simulator = await startSimulator({ rateLimits: false })
  const headers = { authorization: `Bot ${simulator.botToken}` }
  for (const name of missing) {
    const [method = '', path = ''] = name.split(' ')
    const response = await fetch(`${simulator.apiUrl}/v10${path.replaceAll(/:[a-z_]+/g, '1')}`, { method, headers })
    expect([name, response.status, await response.json()]).toEqual([
      name,
      501,
      { code: 0, message: expect.stringContaining(name) },
    ])
  }
  expect((await fetch(`${simulator.apiUrl}/v10/no/such`, { headers })).status).toBe(404)
})

test('the README names what the table does', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
  const section = readme.slice(readme.indexOf('### Not served'), readme.indexOf('### Rate limits'))
  const named = [...section.matchAll(/^- ([^:]+): ((?:.|\n {2})+)/gm)].map(([, what, routes]) => ({
    what,
    routes: [...(routes ?? '').matchAll(/`([^`]+)`/g)].map(([, route]) => route),
  }))
  expect(named).toEqual(NOT_SERVED)
})
