import { readFile } from 'node:fs/promises'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { renderToStaticMarkup } from 'react-dom/server'
import { expect, test } from 'vitest'
import * as hooks from '../../src/hooks/index.ts'
import { GuildStoreProvider } from '../../src/hooks/use-guild-store.ts'
import type { ChannelRights, Hindrance, MemberRights } from '../../src/server/function-results.ts'
import { stillStore } from '../components/still-store.ts'
import { GUILD } from '../live/fixtures.ts'
import { MoveIfAllowed, Write } from './readme-examples.tsx'

const read = (path: string) => readFile(new URL(path, import.meta.url), 'utf8')

test('the README’s examples are those that are compiled', async () => {
  const examples = [...(await read('../../src/hooks/README.md')).matchAll(/```tsx\n(function [^]*?)```/g)]
  const compiled = await read('./readme-examples.tsx')
  expect(examples.length).toBeGreaterThan(4)
  for (const [, example = ''] of examples) expect(compiled).toContain(example)
})

test('every hook has a section in the README', async () => {
  const readme = await read('../../src/hooks/README.md')
  const named = [...readme.matchAll(/^## `(\w+)\(/gm)].map(([, name]) => name)
  expect(new Set(named)).toEqual(new Set(Object.keys(hooks).filter((name) => name.startsWith('use'))))
})

const hindrance: Hindrance = { code: 'MISSING_PERMISSIONS', missing: ['MoveMembers'], until: null }

/** An example, where web has answered what one may do. */
function shown(example: ReactNode, queryKey: readonly string[], rights: MemberRights | ChannelRights): string {
  const queries = new QueryClient()
  queries.setQueryData(queryKey, rights)
  return renderToStaticMarkup(
    <QueryClientProvider client={queries}>
      <GuildStoreProvider value={stillStore()}>{example}</GuildStoreProvider>
    </QueryClientProvider>,
  )
}

test.each<[string, MemberRights['move'], boolean]>([
  ['where one may move them there', { '20': null, '21': hindrance }, true],
  ['not where something hinders', { '20': hindrance, '21': null }, false],
  ['not to a channel that one does not see', { '21': null }, false],
])('the example of useMemberRights shows its button %s', (_where, move, isShown) => {
  const rights: MemberRights = {
    voice: null,
    timedOutUntil: null,
    move,
    disconnect: null,
    mute: null,
    deafen: null,
    timeout: null,
  }
  const html = shown(<MoveIfAllowed userId="7" channelId="20" isOpen />, ['rights to', GUILD, '7'], rights)
  expect(html.includes('Move here')).toBe(isShown)
})

test.each([
  [null, false],
  [hindrance, true],
])('the example of useChannelRights lets one write unless something hinders: %o', (send, isRefused) => {
  const own = { messages: [], reactions: [] }
  const rights: ChannelRights = { send, reply: null, attach: null, react: null, manage: null, own }
  const html = shown(<Write channelId="20" />, ['rights', GUILD, '20'], rights)
  expect(html.includes('aria-disabled="true"')).toBe(isRefused)
})
