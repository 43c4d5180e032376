import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ownPath } from '../../src/server/auth/own-path.ts'

describe('ownPath', () => {
  it.each([
    ['/', '/'],
    ['/guilds/1/channels/2?a=b#c', '/guilds/1/channels/2?a=b#c'],
    ['/a/../guilds/1', '/guilds/1'],
    ['/?to=//elsewhere', '/?to=//elsewhere'],
    ['/é', '/%C3%A9'],
    ['/authors', '/authors'],
  ])('takes %s', (text, path) => {
    expect(ownPath(text)).toBe(path)
  })

  it.each([
    null,
    undefined,
    '',
    'guilds/1',
    'https://elsewhere.example',
    '//elsewhere.example',
    '/\\elsewhere.example',
    '/\t/elsewhere.example',
    '/\n/elsewhere.example',
    '/.//elsewhere.example',
    '/a/..//elsewhere.example',
    '/%2e//elsewhere.example',
    '//user@elsewhere.example',
    'javascript:alert(1)',
    '/auth/discord?login_hint=1',
    '/auth',
    '/./auth/sign-out',
    '/sign-in?problem=busy',
    `/${'a'.repeat(1_000)}`,
  ])('refuses %s', (text) => {
    expect(ownPath(text)).toBeNull()
  })

  it('leads nowhere else, whatever it is given: a browser resolves it to this site', () => {
    const odd = fc.constantFrom(
      '/',
      '\\',
      '.',
      '..',
      '%2e',
      '%2f',
      '%5c',
      '\t',
      '\r',
      '\n',
      '@',
      ':',
      'a.example',
      '?',
      '#',
      ' ',
    )
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(odd).map((parts) => `/${parts.join('')}`),
        ),
        (text) => {
          const path = ownPath(text)
          if (path === null) return
          const seen = new URL(path, 'https://site.example/sign-in')
          expect(seen.origin).toBe('https://site.example')
          // What was resolved once is resolved again by the browser.
          expect(ownPath(path)).toBe(path)
        },
      ),
      { numRuns: 1_000 },
    )
  })
})
