import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PEOPLE, STRANGER } from '@repo/discord-simulator'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { demoSignIn } from '../../../../scripts/lib/demo.ts'
import { Child, until } from '../../../../test/lib/child.ts'
import { EventStream } from '../../../../test/lib/event-stream.ts'
import { freePort } from '../../../../test/lib/free-port.ts'
import { startStack } from '../../../../test/lib/stack.ts'
import type { Stack } from '../../../../test/lib/stack.ts'
import { Visitor } from '../../../../test/lib/visitor.ts'

// Signing in, through real processes: the simulated Discord, and web as the demo and as it is outside of it.

const PUBLIC_URL = 'https://live.example.com'

let stack: Stack

beforeAll(async () => {
  stack = await startStack()
})

afterAll(() => stack[Symbol.asyncDispose]())

const guildId = () => stack.simulator.world.guilds().find(({ name }) => name === 'Tidewater Makers')?.id ?? ''
const eventsOf = (id: string, web = stack.webUrl) => `${web}/api/guilds/${id}/events`
const signInUrl = (who: string, to = '', web = stack.webUrl) =>
  `${web}/auth/discord?login_hint=${who}${to === '' ? '' : `&to=${encodeURIComponent(to)}`}`

/** What a browser adds to a form of the site's own page. */
const ownForm = { method: 'POST', headers: { 'sec-fetch-site': 'same-origin' } }

/** Web as it runs in production, on the same gateway and the same simulated Discord. */
async function startOutside(environment: Record<string, string | undefined> = {}) {
  const port = await freePort()
  const folder = mkdtempSync(join(tmpdir(), 'web-outside-'))
  const env = {
    ...demoSignIn(stack.simulator.url),
    NODE_ENV: 'production',
    LINK_TOKEN: stack.linkToken,
    GATEWAY_WS_URL: stack.linkUrl,
    WEB_DATA_DIR: folder,
    PORT: String(port),
    ...environment,
  }
  const child = new Child(['apps/web/src/main.ts'], env)
  const url = `http://127.0.0.1:${port}`
  await child.ready(`${url}/readyz`)
  return {
    child,
    url,
    async [Symbol.asyncDispose]() {
      await child[Symbol.asyncDispose]()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Chooses somebody on the simulator's page, and goes back to web: outside the demo nobody is signed in without it. */
async function signInByHand(visitor: Visitor, web: string, who: string, home = web): Promise<Response> {
  const asked = await visitor.ask(`${web}/auth/discord?to=/guilds/1`)
  const authorize = new URL(asked.headers.get('location') ?? '')
  const body = new URLSearchParams([...authorize.searchParams, ['user_id', who]])
  const chosen = await fetch(authorize.origin + authorize.pathname, { method: 'POST', body, redirect: 'manual' })
  const back = chosen.headers.get('location') ?? ''
  expect(back).toContain(`${home}/auth/discord/callback?`)
  return visitor.ask(back.replace(home, web))
}

describe('signing in', () => {
  test('goes to Discord with PKCE and state, comes back to where one was, and leaves a cookie that opens the stream', async () => {
    const visitor = new Visitor()
    const to = `/guilds/${guildId()}`
    const asked = await visitor.ask(signInUrl('umberfox', to))
    expect(asked.status).toBe(303)
    expect(asked.headers.get('cache-control')).toBe('no-store')
    const authorize = new URL(asked.headers.get('location') ?? '')
    expect(authorize.origin + authorize.pathname).toBe(`${stack.simulator.url}/oauth2/authorize`)
    expect(Object.fromEntries(authorize.searchParams)).toEqual({
      response_type: 'code',
      client_id: stack.simulator.world.bot.id,
      redirect_uri: `${stack.webUrl}/auth/discord/callback`,
      scope: 'identify guilds',
      state: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge_method: 'S256',
      login_hint: 'umberfox',
    })
    const chosen = await visitor.ask(authorize)
    const back = await visitor.ask(chosen.headers.get('location') ?? '')
    expect([back.status, back.headers.get('location')]).toEqual([303, to])
    const [flow, session] = back.headers.getSetCookie()
    expect(flow).toBe('sign-in=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0')
    expect(session).toMatch(/^session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=(?:25919\d\d|2592000)$/)
    const cookie = visitor.cookies(stack.webUrl)
    await using stream = await EventStream.open(eventsOf(guildId()), { cookie })
    await stream.sync('live')
    expect(stack.web.output).not.toContain(cookie.split('=')[1])
  })

  test.each(['//evil.example', 'https://evil.example', '/\\evil.example', '/.//evil.example', '/auth/sign-out'])(
    'never leads elsewhere: %s',
    async (to) => {
      const { ways } = await new Visitor().follow(signInUrl('umberfox', to))
      const home = ways.findIndex(({ pathname }) => pathname === '/auth/discord/callback') + 1
      expect(ways[home]?.href).toBe(`${stack.webUrl}/`)
    },
  )

  test('that another browser began, or another site, or nobody, comes to nothing', async () => {
    const mine = new Visitor()
    const asked = await mine.ask(signInUrl('umberfox'))
    const callback = (await mine.ask(asked.headers.get('location') ?? '')).headers.get('location') ?? ''
    const other = new Visitor()
    await other.ask(signInUrl('tessellate'))
    for (const visitor of [new Visitor(), other]) {
      const refused = await visitor.ask(callback)
      expect(refused.headers.get('location')).toBe('/sign-in?problem=interrupted')
      expect(visitor.cookies(stack.webUrl)).toBe('')
    }
    for (const query of ['', '?code=a', '?state=a&code=b', '?error=access_denied']) {
      const refused = await new Visitor().ask(`${stack.webUrl}/auth/discord/callback${query}`)
      expect(refused.headers.get('location')).toBe('/sign-in?problem=interrupted')
    }
    // Theirs still works, once.
    expect((await mine.ask(callback)).headers.get('location')).toBe('/')
    expect((await mine.ask(callback)).headers.get('location')).toBe('/sign-in?problem=interrupted')
  })

  test('with a code that is none, and one that was cancelled, each say what happened', async () => {
    const visitor = new Visitor()
    const stateOf = async () => {
      const asked = await visitor.ask(`${stack.webUrl}/auth/discord?to=/guilds/1`)
      return new URL(asked.headers.get('location') ?? '').searchParams.get('state') ?? ''
    }
    const back = async (query: Record<string, string>) => {
      const answer = await visitor.ask(`${stack.webUrl}/auth/discord/callback?${new URLSearchParams(query).toString()}`)
      return answer.headers.get('location')
    }
    expect(await back({ state: await stateOf(), code: 'my-secret-code' })).toBe(
      '/sign-in?problem=discord&to=%2Fguilds%2F1',
    )
    expect(await back({ state: await stateOf(), error: 'access_denied' })).toBe(
      '/sign-in?problem=cancelled&to=%2Fguilds%2F1',
    )
    const line = stack.web.lines.find((text) => text.includes('a sign-in failed at Discord'))
    expect(line).toContain('"oauth":"invalid_grant"')
    expect(stack.web.output).not.toContain('my-secret-code')
  })

  test('takes no session that somebody else put into the browser, and ends the one that was there', async () => {
    const [attacker, visitor] = [new Visitor(), new Visitor()]
    await attacker.follow(signInUrl('tessellate'))
    const [name = '', planted = ''] = attacker.cookies(stack.webUrl).split('=')
    visitor.setCookie(stack.webUrl, name, planted)
    await visitor.follow(signInUrl('umberfox'))
    expect(visitor.cookies(stack.webUrl)).toMatch(/^session=/)
    expect(visitor.cookies(stack.webUrl)).not.toContain(planted)
    expect((await attacker.ask(eventsOf('1'))).status).toBe(401)
    const before = visitor.cookies(stack.webUrl)
    await using stream = await EventStream.open(eventsOf(guildId()), { cookie: before })
    await stream.sync('live')
    await visitor.follow(signInUrl('brackish'))
    await until('the stream of the session before to end', () => stream.ended)
    expect((await fetch(eventsOf(guildId()), { headers: { cookie: before } })).status).toBe(401)
  })

  test('outlives a restart of web', async () => {
    const cookie = await stack.signIn('umberfox')
    await stack.restartWeb()
    await using stream = await EventStream.open(eventsOf(guildId()), { cookie })
    await stream.sync('live')
  })
})

describe('signing out', () => {
  test('ends that session’s streams at once, and no other’s', async () => {
    const [leaving, staying] = [new Visitor(), new Visitor()]
    for (const visitor of [leaving, staying]) await visitor.follow(signInUrl('umberfox'))
    const cookie = leaving.cookies(stack.webUrl)
    await using one = await EventStream.open(eventsOf(guildId()), { cookie })
    await using two = await EventStream.open(eventsOf(guildId()), { cookie })
    await using other = await EventStream.open(eventsOf(guildId()), { cookie: staying.cookies(stack.webUrl) })
    for (const stream of [one, two, other]) await stream.sync('live')
    const answer = await leaving.ask(`${stack.webUrl}/auth/sign-out`, ownForm)
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/'])
    expect(leaving.cookies(stack.webUrl)).toBe('')
    await until('the streams to end', () => one.ended && two.ended)
    expect(other.ended).toBe(false)
    expect((await fetch(eventsOf(guildId()), { headers: { cookie } })).status).toBe(401)
    expect((await fetch(stack.webUrl, { headers: { cookie } })).status).toBe(401)
  })

  test('asked for by the page of somebody else, ends nothing', async () => {
    const visitor = new Visitor()
    await visitor.follow(signInUrl('tessellate'))
    const ask = async (viewer: string) =>
      (await visitor.ask(`${stack.webUrl}/auth/sign-out?viewer=${viewer}`, ownForm)).status
    const status = async () => (await visitor.ask(stack.webUrl)).status
    expect([await ask(PEOPLE.umberfox.id), await status()]).toEqual([303, 307])
    expect([await ask(PEOPLE.tessellate.id), await status()]).toEqual([303, 401])
  })

  test('ends them at another web too that has the same folder', async () => {
    await using elsewhere = await stack.anotherWeb()
    const [leaving, staying] = [new Visitor(), new Visitor()]
    for (const visitor of [leaving, staying]) await visitor.follow(signInUrl('umberfox'))
    const open = (visitor: Visitor) =>
      EventStream.open(eventsOf(guildId()).replace(stack.webUrl, elsewhere.url), {
        cookie: visitor.cookies(stack.webUrl),
      })
    await using hers = await open(leaving)
    await using other = await open(staying)
    for (const stream of [hers, other]) await stream.sync('live')
    await leaving.ask(`${stack.webUrl}/auth/sign-out`, ownForm)
    await until('the stream to end', () => hers.ended)
    expect(other.ended).toBe(false)
  })

  test('is for pages of this site to ask, and for a POST', async () => {
    const visitor = new Visitor()
    await visitor.follow(signInUrl('umberfox'))
    const url = `${stack.webUrl}/auth/sign-out`
    const home = stack.webUrl
    for (const [headers, status] of [
      [{}, 403],
      [{ 'sec-fetch-site': 'cross-site', origin: home }, 403],
      [{ 'sec-fetch-site': 'same-site' }, 403],
      [{ 'sec-fetch-site': 'none' }, 403],
      [{ origin: 'http://127.0.0.1:1' }, 403],
      [{ origin: 'null' }, 403],
    ] as const) {
      expect([headers, (await visitor.ask(url, { method: 'POST', headers })).status]).toEqual([headers, status])
    }
    expect((await visitor.ask(url)).status).toBe(405)
    expect((await visitor.ask(eventsOf('1'))).status).toBe(404)
    // Over plain http to another machine a browser says its Origin alone.
    expect((await visitor.ask(url, { method: 'POST', headers: { origin: home } })).status).toBe(303)
    expect((await visitor.ask(eventsOf('1'))).status).toBe(401)
  })
})

describe('outside the demo', () => {
  test('the hint is dead: Discord asks', async () => {
    await using web = await startOutside()
    const visitor = new Visitor()
    const asked = await visitor.ask(signInUrl('umberfox', '', web.url))
    const authorize = new URL(asked.headers.get('location') ?? '')
    expect(authorize.searchParams.has('login_hint')).toBe(false)
    expect(authorize.searchParams.get('redirect_uri')).toBe(
      `http://localhost:${new URL(web.url).port}/auth/discord/callback`,
    )
    const page = await (await fetch(web.url)).text()
    expect(page).toContain('Continue with Discord')
    expect(page).not.toMatch(/umberfox|simulated/)
  })

  test('behind TLS the cookie is of this host alone, and browsers come by TLS from then on', async () => {
    await using outer = await startStack({ redirectUris: [`${PUBLIC_URL}/auth/discord/callback`] })
    const inner = stack
    stack = outer
    try {
      await using web = await startOutside({ PUBLIC_URL })
      const visitor = new Visitor()
      const back = await signInByHand(visitor, web.url, PEOPLE.umberfox.id, PUBLIC_URL)
      expect(back.headers.get('location')).toBe('/guilds/1')
      expect(back.headers.getSetCookie()[1]).toMatch(
        /^__Host-session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Secure; Max-Age=\d+$/,
      )
      expect(back.headers.get('strict-transport-security')).toBe('max-age=31536000')
      const page = await visitor.ask(`${web.url}/guilds/${guildId()}`)
      expect(page.status).toBe(200)
      expect(page.headers.get('strict-transport-security')).toBe('max-age=31536000')
      // A page that is reached over TLS says so of its forms.
      const signOut = `${web.url}/auth/sign-out`
      expect((await visitor.ask(signOut, { method: 'POST', headers: { origin: 'https://evil.example' } })).status).toBe(
        403,
      )
      expect((await visitor.ask(signOut, { method: 'POST', headers: { origin: PUBLIC_URL } })).status).toBe(303)
    } finally {
      stack = inner
    }
  })

  test('a foreign guild, one that is not there and what is no id are the same 404', async () => {
    await using own = await startOutside()
    expect((await fetch(eventsOf(guildId(), own.url))).status).toBe(401)
    const visitor = new Visitor()
    const home = `http://localhost:${new URL(own.url).port}`
    await signInByHand(visitor, own.url, STRANGER.id, home)
    const answers = await Promise.all(
      [guildId(), '1', 'me'].map(async (id) => {
        const answer = await visitor.ask(eventsOf(id, own.url))
        const headers = [...answer.headers].filter(([name]) => name !== 'date')
        return { status: answer.status, headers, text: await answer.text() }
      }),
    )
    expect(answers[0]?.status).toBe(404)
    expect(answers[1]).toEqual(answers[0])
    expect(answers[2]).toEqual(answers[0])
    for (const id of [guildId(), '1', 'me']) {
      expect([id, (await visitor.ask(`${own.url}/guilds/${id}`)).status]).toEqual([id, 404])
    }
    const member = new Visitor()
    await signInByHand(member, own.url, PEOPLE.tessellate.id, home)
    const ledger = stack.simulator.world.guilds().find(({ name }) => name === 'Night Ledger')?.id ?? ''
    expect((await member.ask(`${own.url}/guilds/${guildId()}`)).status).toBe(200)
    expect((await member.ask(eventsOf(ledger, own.url))).status).toBe(404)
  })

  test('a person’s token is read once, revoked, and nowhere afterwards', async () => {
    await using discord = await recorder(stack.simulator.url)
    await using web = await startOutside({ DISCORD_API_URL: `${discord.url}/api`, LOG_LEVEL: 'trace' })
    const visitor = new Visitor()
    await signInByHand(visitor, web.url, PEOPLE.umberfox.id, `http://localhost:${new URL(web.url).port}`)
    // The two in between are asked at once.
    expect(discord.requests.toSpliced(1, 2, ...discord.requests.slice(1, 3).toSorted())).toEqual([
      'POST /api/v10/oauth2/token',
      'GET /api/v10/users/@me',
      'GET /api/v10/users/@me/guilds',
      'POST /api/v10/oauth2/token/revoke',
    ])
    const token = discord.token()
    expect(token).toMatch(/^\w{20,}$/)
    const me = await fetch(`${stack.simulator.apiUrl}/v10/users/@me`, { headers: { authorization: `Bearer ${token}` } })
    expect(me.status).toBe(401)
    expect(web.child.output).not.toContain(token)
  })

  test('half of what Discord knows the application by is named, and so is a folder that cannot be had', async () => {
    const port = String(await freePort())
    for (const [settings, line] of [
      [{ DISCORD_CLIENT_ID: '1' }, /^DISCORD_CLIENT_SECRET: must be set/],
      [{ WEB_DATA_DIR: '/dev/null/below' }, /^WEB_DATA_DIR: /],
    ] as const) {
      await using web = new Child(['apps/web/src/main.ts'], {
        LINK_TOKEN: 'a-link-token-for-tests',
        PORT: port,
        ...settings,
      })
      expect(await web.exited).toEqual({ code: 78, signal: null })
      expect(web.output).toMatch(line)
    }
  })
})

describe('limits', () => {
  test('too many sign-ins from one network are told when to try again', async () => {
    await using web = await startOutside()
    const start = () => fetch(`${web.url}/auth/discord`, { redirect: 'manual' })
    let answer = await start()
    let passed = 0
    for (; answer.status === 303 && passed < 1_000; answer = await start()) passed += 1
    expect(passed).toBeGreaterThanOrEqual(60)
    expect(answer.status).toBe(429)
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(await answer.json()).toMatchObject({ error: { code: 'TOO_MANY_SIGN_INS' } })
    // Nobody else is held up by it.
    expect((await fetch(web.url)).status).toBe(401)
  })

  test('one stream too many of one person ends at once and says why', async () => {
    await using web = await startOutside({ STREAMS_PER_USER: '1' })
    const visitor = new Visitor()
    await signInByHand(visitor, web.url, PEOPLE.umberfox.id, `http://localhost:${new URL(web.url).port}`)
    const cookie = visitor.cookies(web.url)
    await using stream = await EventStream.open(eventsOf(guildId(), web.url), { cookie })
    await stream.sync('live')
    const full = await fetch(eventsOf(guildId(), web.url), { headers: { cookie } })
    expect(full.status).toBe(200)
    expect(await full.text()).toMatch(/^: you have 1 streams? open, [^\n]*\n\nretry: \d+\n\n$/)
    expect(stream.ended).toBe(false)
  })
})

describe('a page', () => {
  test('lets run only what bears its nonce or is a file of the build', async () => {
    const cookie = await stack.signIn()
    const nonces = new Set<string>()
    for (const [path, headers] of [
      ['/', {}],
      ['/sign-in', {}],
      [`/guilds/${guildId()}`, { cookie }],
      ['/nowhere', { cookie }],
    ] as const) {
      const page = await fetch(stack.webUrl + path, { headers })
      const policy = page.headers.get('content-security-policy') ?? ''
      expect(policy).not.toMatch(/unsafe|\*(?!\.discordapp\.net)|http:\/\/(?!127\.0\.0\.1)/)
      expect(policy).toContain("default-src 'none'")
      expect(policy).toContain("frame-ancestors 'none'")
      const nonce = /script-src 'self' 'nonce-([\w+/=]{24})'/.exec(policy)?.[1] ?? ''
      expect(nonce).not.toBe('')
      nonces.add(nonce)
      const html = await page.text()
      const elements = [...html.matchAll(/<(?:script|style|link rel="(?:stylesheet|modulepreload)")[^>]*>/g)]
      expect(elements.length).toBeGreaterThan(2)
      for (const [element] of elements) expect(element).toContain(`nonce="${nonce}"`)
      expect(html).not.toMatch(/<[^>]+\s(?:style|on\w+)="/)
    }
    expect(nonces.size).toBe(4)
  })

  test('and every other answer are for this site alone', async () => {
    for (const path of [
      '/',
      '/sign-in',
      '/healthz',
      '/api/nope',
      '/icon.svg',
      '/auth/discord',
      '/api/guilds/1/events',
    ]) {
      expectOwnHeaders(path, await fetch(stack.webUrl + path, { redirect: 'manual' }))
    }
  })

  test('so are those of an event stream, open or not', async () => {
    const headers = { Cookie: await stack.signIn() }
    const guild = stack.simulator.world.guilds()[0]?.id
    for (const [path, method, status] of [
      [`/api/guilds/${guild}/events`, 'GET', 200],
      [`/api/events?guild=${guild}`, 'GET', 200],
      ['/api/events?guild=one', 'GET', 400],
      ['/api/guilds/1/events', 'GET', 404],
      ['/api/events', 'POST', 405],
    ] as const) {
      const answer = await fetch(stack.webUrl + path, { headers, method })
      expect([path, answer.status]).toEqual([path, status])
      expectOwnHeaders(path, answer)
      await answer.body?.cancel()
    }
  })

  function expectOwnHeaders(path: string, { headers }: Response): void {
    expect([path, headers.get('x-content-type-options'), headers.get('referrer-policy')]).toEqual([
      path,
      'nosniff',
      'same-origin',
    ])
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
    expect(headers.get('strict-transport-security')).toBeNull()
  }
})

/** Passes on to a simulator, and keeps what was asked. */
async function recorder(target: string) {
  const requests: string[] = []
  let token = ''
  const pass = async (request: IncomingMessage, response: ServerResponse) => {
    requests.push(`${request.method} ${request.url}`)
    const bearer = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1]
    if (bearer !== undefined) token = bearer
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const { authorization, 'content-type': type } = request.headers
    const answer = await fetch(target + request.url, {
      method: request.method ?? 'GET',
      headers: { ...(authorization && { authorization }), ...(type && { 'content-type': type }) },
      ...(chunks.length > 0 && { body: Buffer.concat(chunks) }),
    })
    response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' })
    response.end(await answer.text())
  }
  const server = createServer((request, response) => void pass(request, response))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    token: () => token,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
