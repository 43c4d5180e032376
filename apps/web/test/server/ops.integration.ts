import { LATENCY_BUCKETS, latencyBucket, latencyBucketEnd } from '@repo/discord-integration/types'
import { PEOPLE } from '@repo/discord-simulator'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { until } from '../../../../test/lib/child.ts'
import { ServerFunctions } from '../../../../test/lib/server-functions.ts'
import { startStack } from '../../../../test/lib/stack.ts'
import type { Stack } from '../../../../test/lib/stack.ts'
import { perHop } from '../../src/latency-report.ts'
import type { OpsReport } from '../../src/ops-report.ts'

// How the whole runs, as pages are told it and tell of it, through real processes.

let stack: Stack

beforeAll(async () => {
  stack = await startStack()
})

afterAll(() => stack[Symbol.asyncDispose]())

const as = async (who: string, url = stack.webUrl) => new ServerFunctions(url, await stack.signIn(who))
const tell = (counts: object) => ({ ...perHop(() => []), ...counts })
const look = { range: '15m', has: null }
/** Undefined where that was asked too often. */
const figuresOf = async (functions: ServerFunctions) =>
  (await functions.read('getOps', look)).value as OpsReport | undefined

test('is told to those whom the operator named, to nobody else, and asked for by its names alone', async () => {
  await using web = await stack.anotherWeb({ OPS_USERS: PEOPLE.umberfox.id })
  const umberfox = await as('umberfox', web.url)
  const report = await figuresOf(umberfox)
  expect(report).toMatchObject({
    figures: { shards: [{ id: 0, state: 'ready' }], consumers_total: 2 },
    history: { range: '15m' },
    hops: { gateway: { state: 'connected' } },
    streams: 0,
  })
  expect(await umberfox.read('getOps', { range: '15m', has: report?.historyAt })).toMatchObject({
    value: { history: null },
  })
  expect(await (await as('saltmarsh', web.url)).read('getOps', look)).toMatchObject({ status: 404, code: 'NOT_FOUND' })
  expect(await new ServerFunctions(web.url, '').read('getOps', look)).toMatchObject({ status: 401 })
  expect(await (await as('saltmarsh', web.url)).read('getOps', { range: '1y' })).toMatchObject({ status: 404 })
  for (const bad of [{ range: '1y', has: null }, { range: '15m' }, { ...look, guildId: '1' }]) {
    expect(await umberfox.read('getOps', bad)).toMatchObject({ status: 400, code: 'INVALID_INPUT' })
  }
})

test('is offered to nobody else: who one is says whether one may', async () => {
  await using web = await stack.anotherWeb({ OPS_USERS: PEOPLE.umberfox.id })
  const whoIs = async (functions: ServerFunctions) => (await functions.read('whoAmI', {})).value
  expect(await whoIs(await as('umberfox', web.url))).toMatchObject({ operator: true })
  expect(await whoIs(await as('saltmarsh', web.url))).toMatchObject({
    user: { username: 'saltmarsh' },
    operator: false,
  })
  expect(await whoIs(new ServerFunctions(web.url, ''))).toMatchObject({ user: null, operator: false })
  // Where nobody is named, the demo lets everybody in who has said who they are.
  expect(await whoIs(await as('saltmarsh'))).toMatchObject({ operator: true })
  expect(await whoIs(new ServerFunctions(stack.webUrl, ''))).toMatchObject({ user: null, operator: false })
})

test('what a page measured is with the gateway in seconds, each person for so much and no more', async () => {
  const [saltmarsh, pikelet] = [await as('saltmarsh'), await as('pikelet')]
  const bucket = latencyBucket(12)
  await until('web to have told for the first time', async () => {
    const { figures } = (await figuresOf(saltmarsh)) ?? {}
    return figures?.consumers.some(({ streams }) => streams === 0)
  })
  expect(await saltmarsh.do('reportLatency', tell({ total: [[LATENCY_BUCKETS - 1, 100_000]] }))).toMatchObject({
    status: 200,
  })
  expect(await saltmarsh.do('reportLatency', tell({ total: [[LATENCY_BUCKETS - 1, 100_000]] }))).toMatchObject({
    status: 200,
  })
  expect(await pikelet.do('reportLatency', tell({ total: [[bucket, 40]] }))).toMatchObject({ status: 200 })
  const { latency } = await until('both to be counted', async () => {
    const { figures } = (await figuresOf(saltmarsh)) ?? {}
    return figures?.latency && figures.latency.count >= 100 ? figures : null
  })
  // The time between two reports is worth some more.
  expect(latency?.count).toBeLessThan(110)
  expect(latency?.p99_ms).toBeGreaterThan(10_000)
})

test('what pages of this web measured of each hop is told by it at once, and by no other', async () => {
  await using web = await stack.anotherWeb()
  const [here, there] = [await as('pikelet', web.url), await as('pikelet')]
  const unknown = { gateway: null, web: null, browser: null }
  expect(await figuresOf(here)).toMatchObject({ took: unknown })
  const bucket = latencyBucket(5)
  expect(await here.do('reportLatency', tell({ web: [[0, 9]], browser: [[bucket, 3]] }))).toMatchObject({ status: 200 })
  const { took } = (await figuresOf(here)) ?? {}
  expect(took).toMatchObject({ gateway: null, web: expect.closeTo(0.25, 1) })
  expect(took?.browser).toBeGreaterThan(latencyBucketEnd(bucket - 1))
  expect(took?.browser).toBeLessThan(latencyBucketEnd(bucket))
  expect(await figuresOf(there)).toMatchObject({ took: unknown })
})

test('what is no measurement is refused, and so is who is not signed in', async () => {
  const oddment = await as('oddment')
  for (const counts of [[], [[LATENCY_BUCKETS, 1]], [[0, -1]], [[0, 1.5]], [[0, 1e12]], 'x', [[0]]]) {
    expect(await oddment.do('reportLatency', tell({ web: counts }))).toMatchObject({
      status: 400,
      code: 'INVALID_INPUT',
    })
  }
  expect(await new ServerFunctions(stack.webUrl, '').do('reportLatency', tell({ total: [[1, 1]] }))).toMatchObject({
    status: 401,
  })
})

test('who looks or tells faster than a browser full of tabs is told when to do it again', async () => {
  const tessellate = await as('tessellate')
  const answers = await Promise.all(
    Array.from({ length: 80 }, () => tessellate.do('reportLatency', tell({ total: [[1, 1]] }))),
  )
  const refused = answers.filter(({ status }) => status === 429)
  expect(refused.length).toBeGreaterThan(20)
  expect(refused[0]).toMatchObject({ code: 'TOO_MANY_REQUESTS' })
  expect(refused[0]?.headers.get('retry-after')).toMatch(/^\d+$/)
  expect((await tessellate.read('getOps', look)).status).toBe(200)
})
