import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { commands } from '@repo/discord-integration/types'
import { startSimulator } from '@repo/discord-simulator'
import { describe, expect, test } from 'vitest'
import { demoSignIn } from '../../../../scripts/lib/demo.ts'
import { Child, ROOT, statusOf, until } from '../../../../test/lib/child.ts'
import { freePort } from '../../../../test/lib/free-port.ts'
import { EventStream } from '../../../../test/lib/event-stream.ts'
import { signIn } from '../../../../test/lib/sign-in.ts'
import { startStack } from '../../../../test/lib/stack.ts'
import type { HopReport } from '../../src/hop-report.ts'
import { configTable } from '../../src/server/config.ts'

const CLIENT = join(ROOT, 'apps/web/dist/client')
const ASSETS = join(CLIENT, 'assets')
const clientCode = readdirSync(ASSETS)
  .filter((name) => name.endsWith('.js'))
  .map((name) => readFileSync(join(ASSETS, name), 'utf8'))
  .join('\n')

/** The ids of the server functions, as a browser knows them. */
const functionIds = Array.from(new Set(clientCode.match(/\b[0-9a-f]{64}\b/g)))

/** Web alone: its gateway is away. */
async function startWeb(flags: string[] = [], env: Record<string, string> = {}) {
  const port = String(await freePort())
  const url = `http://127.0.0.1:${port}`
  const settings = { PORT: port, GATEWAY_PORT: String(await freePort()), LINK_TOKEN: 'a-link-token-for-tests', ...env }
  const child = new Child(['apps/web/src/main.ts', ...flags], settings)
  return { child, url, port }
}

/** The headers that a browser adds to a request of the site's own page. */
const own = { 'sec-fetch-site': 'same-origin', 'x-tsr-serverFn': 'true' }

describe('starting', () => {
  test('one wrong setting is one line that names it', async () => {
    const { child } = await startWeb([], { STREAMS_TOTAL: 'many' })
    await using web = child
    expect(await web.exited).toEqual({ code: 78, signal: null })
    expect(web.output).toMatch(/^STREAMS_TOTAL: [^\n]*$/)
  })

  test('a taken port is one line', async () => {
    const first = await startWeb()
    await using web = first.child
    await web.ready(`${first.url}/healthz`)
    const { child } = await startWeb([], { PORT: first.port })
    await using second = child
    expect(await second.exited).toEqual({ code: 1, signal: null })
    expect(second.lines.at(-1)).toMatch(new RegExp(`^port ${first.port} is taken`))
  })

  test('the demo is refused in production', async () => {
    const { child } = await startWeb(['--demo'], { NODE_ENV: 'production' })
    await using web = child
    expect(await web.exited).toEqual({ code: 78, signal: null })
    expect(web.output).toMatch(/^NODE_ENV: /)
  })
})

describe('without the demo and without a sign-in', () => {
  test('web serves, and lets nobody in', async () => {
    const { child, url } = await startWeb([], { NODE_ENV: 'production' })
    await using web = child
    await web.ready(`${url}/healthz`)
    expect(await statusOf(`${url}/readyz`)).toBe(503)
    expect(await statusOf(`${url}/api/guilds/1/events`)).toBe(401)
    const statuses = new Set<number | null>()
    for (const id of functionIds) {
      const got = await statusOf(`${url}/_serverFn/${id}`, { headers: own })
      statuses.add(got === 405 ? await statusOf(`${url}/_serverFn/${id}`, { method: 'POST', headers: own }) : got)
    }
    // 200 is whoAmI's, which says: nobody.
    expect(statuses).toEqual(new Set([200, 401]))
    const page = await fetch(`${url}/`)
    expect(page.status).toBe(401)
    expect(await page.text()).toContain('Nobody can sign in here yet')
    expect(await statusOf(`${url}/guilds/1`)).toBe(401)
  })
})

describe('the demo', () => {
  test('serves the page, its files, health and streams, to this machine and its own pages only', async () => {
    await using stack = await startStack()
    const url = stack.webUrl
    const [guild] = stack.simulator.world.guilds()

    const cookie = await stack.signIn()
    const page = await fetch(`${url}/guilds/${guild?.id}`, { headers: { cookie } })
    expect(page.status).toBe(200)
    expect(page.headers.get('cache-control')).toBe('no-store')
    expect(page.headers.get('x-content-type-options')).toBe('nosniff')
    expect(page.headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
    const asset = /\/assets\/[\w.-]+\.js/.exec(await page.text())?.[0]
    const file = await fetch(`${url}${asset}`)
    expect(file.headers.get('cache-control')).toContain('immutable')
    expect(await statusOf(`${url}/assets/index-gone.js`)).toBe(404)

    expect(functionIds.length).toBeGreaterThanOrEqual(4)
    for (const id of functionIds) {
      const there = `${url}/_serverFn/${id}`
      expect(await statusOf(there, { headers: { 'sec-fetch-site': 'cross-site' } })).toBe(403)
      expect(await statusOf(there, { method: 'POST', headers: { origin: 'http://127.0.0.1:1' } })).toBe(403)
      expect(await statusOf(there, { method: 'POST' })).toBe(403)
      expect(await statusOf(there, { headers: { origin: 'https://example.com' } })).toBe(403)
    }
    expect(await answerTo(stack.webUrl, 'GET /healthz HTTP/1.1\r\nHost: rebound.example.com')).toMatch(
      /^HTTP\/1.1 403 /,
    )
    expect(await statusOf(`${url}/api/guilds/1/events`, { headers: { cookie } })).toBe(404)
    for (const [path, status] of [
      [`/guilds/${guild?.id}/channels/${guild?.channels[0]?.id}`, 200],
      [`/guilds/${guild?.id}/channels/1`, 404],
      ['/guilds/1', 404],
      ['/guilds/1/channels/1', 404],
      ['/guilds/me', 404],
    ] as const) {
      const answer = await fetch(url + path, { headers: { cookie } })
      expect([path, answer.status]).toEqual([path, status])
      expect(answer.headers.get('content-type')).toContain('html')
      expect(answer.headers.get('cache-control')).toBe('no-store')
    }
  })

  test('an address for programs that is not there is JSON; one for people is a page', async () => {
    const { child, url } = await startWeb(['--demo'])
    await using web = child
    await web.ready(`${url}/healthz`)
    for (const path of ['/api/nope', '/api', '/api/guilds/1/nope', '/metrics', '/metrics?a=b']) {
      const answer = await fetch(url + path)
      expect([path, answer.status, answer.headers.get('content-type')]).toEqual([path, 404, 'application/json'])
      expect(await answer.json()).toMatchObject({ error: { code: 'NOTHING_HERE' } })
    }
    for (const path of ['/%E0%A4%A', '/guilds/%']) {
      expect([path, await statusOf(url + path)]).toEqual([path, 400])
    }
    for (const [method, path] of [
      ['DELETE', '/guilds/1'],
      ['POST', '/'],
      ['PUT', '/nope'],
      ['PATCH', '/_serverFn/nope'],
    ] as const) {
      const answer = await fetch(url + path, { method })
      expect([method, path, answer.status]).toEqual([method, path, 405])
      expect(answer.headers.get('allow')).toContain('GET')
    }
    expect(await answerTo(url, `TRACE / HTTP/1.1\r\nHost: ${new URL(url).host}`)).toMatch(/^HTTP\/1.1 405 /)
    for (const path of ['/_serverFn/', '/_serverFn/nope', '/_serverFn']) {
      const status = await statusOf(url + path, { headers: own })
      expect([path, status]).toEqual([path, expect.toSatisfy((code: number) => code === 400 || code === 404)])
    }
    expect(web.output).not.toMatch(/"level":(?:50|60)/)
    for (const path of ['/nope', '/apiary']) {
      const answer = await fetch(url + path)
      expect([path, answer.status, answer.headers.get('content-type')]).toEqual([
        path,
        404,
        expect.stringContaining('html'),
      ])
    }
  })

  test('a request target that is no URL costs nobody but its sender', async () => {
    const { child, url } = await startWeb(['--demo'])
    await using web = child
    await web.ready(`${url}/healthz`)
    const host = new URL(url).host
    for (const target of [
      '//',
      '/\\secret',
      'http://[',
      '*',
      '//[secret',
      `http://${host}/healthz`,
      'http://[secret/',
    ]) {
      const answer = await answerTo(url, `GET ${target} HTTP/1.1\r\nHost: ${host}`)
      expect(`${target} ${answer}`).toMatch(/ HTTP\/1.1 (?:200|30\d|40\d|503) /)
    }
    expect(await statusOf(`${url}/healthz`)).toBe(200)
    expect(web.output).not.toContain('secret')
  })

  test('without the gateway a page is 503, is kept by no cache, and says when to come again', async () => {
    await using simulator = await startSimulator({ port: 0 })
    const { child, url } = await startWeb(['--demo'], demoSignIn(simulator.url))
    await using web = child
    await web.ready(`${url}/healthz`)
    const page = await fetch(`${url}/`, { headers: { cookie: await signIn(url, 'umberfox') } })
    expect(page.status).toBe(503)
    expect(page.headers.get('retry-after')).toBe('2')
    expect(page.headers.get('cache-control')).toBe('no-store')
  })

  test('what a server function cannot read is in neither the answer nor the log', async () => {
    await using stack = await startStack()
    const secret = 'my-secret-text'
    const bodies: [string, number][] = [
      [`"${secret}`, 400],
      [`{"t":{"${secret}":1}}`, 400],
      ['{}', 400],
      [`{"t":{"t":99,"s":"${secret}"},"f":63,"m":[]}`, 400],
      [JSON.stringify(secret.repeat(10_000)), 413],
    ]
    const headers = { ...own, cookie: await stack.signIn(), origin: stack.webUrl, 'content-type': 'application/json' }
    for (const id of functionIds) {
      const there = `${stack.webUrl}/_serverFn/${id}`
      for (const [body, status] of bodies) {
        const posted = await fetch(there, { method: 'POST', headers, body })
        const text = await posted.text()
        expect(text).not.toContain(secret)
        if (posted.status === 405) {
          const got = await fetch(`${there}?payload=${encodeURIComponent(body.slice(0, 1_000))}`, { headers })
          expect(await got.text()).toContain('INVALID_INPUT')
          expect(got.status).toBe(400)
        } else {
          expect([posted.status, JSON.parse(text)]).toMatchObject([status, { error: { code: 'INVALID_INPUT' } }])
        }
      }
    }
    expect(stack.web.output).not.toContain(secret.slice(0, 6))
    for (const line of stack.web.lines) expect(() => JSON.parse(line)).not.toThrow()
  })

  test('SIGTERM ends streams and idle connections, tells browsers when to come back, and exits 0 in time', async () => {
    await using stack = await startStack()
    const [guild] = stack.simulator.world.guilds()
    const headers = { cookie: await stack.signIn() }
    await using stream = await EventStream.open(`${stack.webUrl}/api/guilds/${guild?.id}/events`, headers)
    await stream.sync('live')
    const idle = connect(Number(new URL(stack.webUrl).port), '127.0.0.1')
    await once(idle, 'connect')
    const before = performance.now()
    stack.web.kill('SIGTERM')
    await until('the stream to end', () => stream.ended)
    expect(await stack.web.exited).toEqual({ code: 0, signal: null })
    expect(performance.now() - before).toBeLessThan(5_000)
    idle.destroy()
    expect(stack.web.output).not.toMatch(/"level":(?:50|60)/)
  })

  test('a gateway that lost its log costs an open stream a snapshot, and not its life', async () => {
    await using stack = await startStack()
    const [guild] = stack.simulator.world.guilds()
    const [member] = guild?.members ?? []
    const headers = { cookie: await stack.signIn() }
    await using stream = await EventStream.open(`${stack.webUrl}/api/guilds/${guild?.id}/events?hops=1`, headers)
    await stream.sync('live')
    const hop = (state: string) => (event: { event?: string | undefined; data: string }) =>
      event.event === 'hops' && (JSON.parse(event.data) as HopReport).gateway.state === state
    await stream.event('gateway connected', hop('connected'))
    stack.gateway.kill('SIGKILL')
    await stack.gateway.exited
    stack.loseLog()
    await stack.restartGateway('SIGKILL')
    await stream.event('gateway reconnecting', hop('reconnecting'))
    await stream.event('the new log', ({ event, data }) => event === 'sync' && data.includes('"foreign"'))
    // Also when web was linked again before Discord had named the guilds.
    const typing = { guild_id: guild?.id, channel_id: guild?.channels[0]?.id, user_id: member?.user.id, timestamp: 1 }
    await until('an event of the new session', () => {
      stack.simulator.dispatch('TYPING_START', typing)
      return stream.events.some(({ event }) => event === 'TYPING_START')
    })
    expect(stream.ended).toBe(false)
    expect(stream.events.findLast(({ event }) => event === 'GUILD_CREATE')?.data).toContain(guild?.id)
  })

  test('a visitor who leaves before the answer leaves no trace in the log', async () => {
    await using stack = await startStack()
    const headers = { cookie: await stack.signIn() }
    for (let visit = 0; visit < 20; visit += 1) {
      const leaving = new AbortController()
      const request = fetch(stack.webUrl, { headers, signal: leaving.signal })
      setTimeout(() => leaving.abort(), visit)
      await request.then((response) => response.text()).catch(() => {})
    }
    expect(await statusOf(`${stack.webUrl}/`, { headers })).toBe(200)
    const isOfTheStart = (line: string) => /"msg":"(?:somebody |waiting |(?:the )?(?:link|web) )/.test(line)
    expect(stack.web.lines.filter((line) => !isOfTheStart(line))).toEqual([])
  })
})

describe('the client’s code', () => {
  /** Every file that a browser can be sent. */
  const files = readdirSync(CLIENT, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  const all = files.map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1')).join('\n')

  test('has none of the secrets’ names, and none of the server’s code', () => {
    expect(files.length).toBeGreaterThan(3)
    const secrets = configTable.flatMap(({ name }) =>
      /TOKEN|SECRET|DISCORD|GATEWAY|DATA_DIR/.test(name) ? [name] : [],
    )
    expect(secrets).toEqual(expect.arrayContaining(['LINK_TOKEN', 'DISCORD_CLIENT_SECRET']))
    // What the sign-in page says to whoever runs this site.
    for (const name of secrets.filter((one) => one !== 'DISCORD_CLIENT_ID')) expect(all).not.toContain(name)
    const found =
      /sendGatewayCommand|GatewayServiceClient|["'`]node:|code_verifier|oauth2\/token|sessions\.sqlite/.exec(all)
    expect(found?.[0]).toBeUndefined()
    expect(files.filter(({ name }) => name.endsWith('.map'))).toEqual([])
  })

  test('has nothing of the table of commands, whose schemas no page asks for', () => {
    const found = Object.entries(commands).flatMap(([name, { summary }]) => (all.includes(summary) ? [name] : []))
    expect(found).toEqual([])
  })
})

/** The first bytes of an answer to a request written by hand. */
async function answerTo(url: string, head: string): Promise<string> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  socket.write(`${head}\r\n\r\n`)
  const [bytes] = (await once(socket, 'data')) as [Buffer]
  socket.destroy()
  return String(bytes)
}
