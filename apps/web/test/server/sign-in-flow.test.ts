import { describe, expect, it } from 'vitest'
import { cookieOf } from '../../src/server/auth/cookies.ts'
import { newFlow, readFlow } from '../../src/server/auth/sign-in-flow.ts'

describe('a sign-in that is under way', () => {
  it('comes back from its cookie, and is another each time', () => {
    const flow = newFlow('/guilds/1?a=%C3%A9')
    expect(readFlow(flow.cookie)).toEqual(flow)
    expect(flow.cookie).toMatch(/^[\w.-]+$/)
    const other = newFlow('/')
    expect(other.state).not.toBe(flow.state)
    expect(other.verifier).not.toBe(flow.verifier)
    // What the address line shows is neither the cookie nor the verifier.
    expect(new Set([flow.state, flow.verifier, flow.cookie.split('.')[0]]).size).toBe(3)
    expect(flow.verifier).toMatch(/^[\w-]{43,128}$/)
  })

  it.each([
    null,
    '',
    'a',
    'a.b',
    'a'.repeat(43),
    `${'a'.repeat(43)}.${Buffer.from('//evil.example').toString('base64url')}`,
  ])('is none in %s', (cookie) => {
    expect(readFlow(cookie)).toBeNull()
  })
})

describe('cookies', () => {
  it('are for this host, over TLS, and not for scripts, where the site is https', () => {
    const cookie = cookieOf('session', true)
    expect(cookie.write('abc', 60)).toBe('__Host-session=abc; Path=/; HttpOnly; SameSite=Lax; Secure; Max-Age=60')
    expect(cookie.clear()).toBe('__Host-session=; Path=/; HttpOnly; SameSite=Lax; Secure; Max-Age=0')
    expect(cookie.read('session=evil; __Host-session=abc')).toBe('abc')
    expect(cookie.read('session=evil')).toBeNull()
  })

  it('have a plain name over http, where browsers refuse the other', () => {
    const cookie = cookieOf('session', false)
    expect(cookie.write('abc', 60)).toBe('session=abc; Path=/; HttpOnly; SameSite=Lax; Max-Age=60')
    expect(cookie.read('theme=dark; session=abc; x=y')).toBe('abc')
    expect(cookie.read('my-session=abc')).toBeNull()
    expect(cookie.read(undefined)).toBeNull()
  })
})
