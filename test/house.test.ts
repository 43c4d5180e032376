import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ROOT } from './lib/child.ts'

/** Of the packages of this repository, those that each may import. CONTRIBUTING.md says it in a sentence. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  'packages/discord-integration/src/types': [],
  'packages/discord-integration/src/clients': [],
  'packages/discord-permissions/src': [],
  'packages/discord-simulator/src': [],
  'packages/event-feed/src': ['@repo/discord-integration/types'],
  'apps/discord-gateway/src': [
    '@repo/discord-integration/clients',
    '@repo/discord-integration/types',
    '@repo/discord-permissions',
    '@repo/event-feed',
    '@repo/event-feed/sqlite',
  ],
  'apps/web/src/server': [
    '@repo/discord-integration/clients',
    '@repo/discord-integration/types',
    '@repo/discord-permissions',
    '@repo/event-feed',
    '@repo/event-feed/folder',
  ],
  // What browsers are sent.
  'apps/web/src/components': ['@repo/discord-integration/types'],
  'apps/web/src/hooks': ['@repo/discord-integration/types'],
  'apps/web/src/live': ['@repo/discord-integration/types'],
  'apps/web/src/routes': ['@repo/discord-integration/types'],
}

/** Of the libraries that keep or carry things, where alone each is known. */
const ADAPTERS: Readonly<Record<string, readonly string[]>> = {
  ws: [
    'apps/discord-gateway/src/ws-server.ts',
    'apps/discord-gateway/src/link/connection.ts',
    'packages/discord-integration/src/clients/',
    'packages/discord-simulator/src/',
  ],
  'node:sqlite': [
    'packages/event-feed/src/sqlite',
    'apps/web/src/server/sqlite-file.ts',
    'apps/web/src/server/auth/sqlite-session-store.ts',
    'apps/web/src/server/deputy/ledger.ts',
  ],
  'discord-markdown-parser': ['apps/web/src/components/feed/markdown/'],
  'openid-client': ['apps/web/src/server/auth/discord-oauth.ts'],
}

const sources = globSync('{packages,apps}/*/src/**/*.{ts,tsx,js}', { cwd: ROOT })
const imports = sources.flatMap((file) => {
  const text = readFileSync(join(ROOT, file), 'utf8')
  return [...text.matchAll(/(?:from|import\(?|require\()\s*'([^']+)'/g)].map(([, what = '']) => ({ file, what }))
})

test.each(Object.entries(MAY_IMPORT))('%s imports nothing of ours but what it may', (folder, allowed) => {
  const here = imports.filter(({ file }) => file.startsWith(`${folder}/`))
  expect(here.length).toBeGreaterThan(0)
  const ours = here.filter(({ what }) => what.startsWith('@repo/') && !allowed.includes(what))
  const away = here.filter(
    ({ file, what }) => what.startsWith('.') && !join(file, '..', what).startsWith(workspaceOf(folder)),
  )
  expect([...ours, ...away]).toEqual([])
})

test.each(Object.entries(ADAPTERS))('%s is imported by its adapters alone', (library, places) => {
  const elsewhere = imports.filter(
    ({ file, what }) => what === library && !places.some((place) => file.startsWith(place)),
  )
  expect(elsewhere).toEqual([])
})

test('inside the gateway neither sessions nor commands know the link', () => {
  const inner = imports.filter(({ file }) => /^apps\/discord-gateway\/src\/(?:sessions|commands|backfill)\//.test(file))
  expect(inner.filter(({ what }) => /ws-server|\/link\//.test(what))).toEqual([])
})

test('the types know nothing of the clients', () => {
  const types = imports.filter(({ file }) => file.startsWith('packages/discord-integration/src/types/'))
  expect(types.filter(({ what }) => what.includes('clients'))).toEqual([])
})

test.each([
  ['live', /^react|\/(?:hooks|components|routes)\/|^@tanstack/],
  ['hooks', /\/(?:components|routes)\//],
])('what a browser knows is told of the page by nobody: %s', (room, forbidden) => {
  const here = imports.filter(({ file }) => file.startsWith(`apps/web/src/${room}/`))
  expect(here.length).toBeGreaterThan(0)
  expect(here.filter(({ what }) => forbidden.test(what))).toEqual([])
})

/** `packages/discord-integration/src/types` may use what lies beside it in its own package, but nothing beyond that. */
const workspaceOf = (folder: string) => folder.split('/').slice(0, 2).join('/')
