import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { renderToStaticMarkup } from 'react-dom/server'
import { expect, test } from 'vitest'
import { ViewerCard, viewerQuery } from '../../src/components/frame/viewer-card.tsx'
import { GuildStoreProvider } from '../../src/hooks/use-guild-store.ts'
import { applyEvent } from '../../src/live/view/guild-view.ts'
import { emptyView } from '../../src/live/view/view-types.ts'
import { AT, GUILD, guildCreate, member } from '../live/fixtures.ts'
import { stillStore } from './still-store.ts'

const roles = [
  { id: GUILD, name: '@everyone', position: 0, hoist: false },
  { id: '50', name: 'Helpers', position: 3, hoist: true },
  { id: '51', name: 'Moderators', position: 10, hoist: true },
  { id: '52', name: 'Blue', position: 20, hoist: false },
]
const people = [
  ['400', ['52', '50', '51']],
  ['401', ['50']],
  ['402', ['52']],
] as const
const snapshot = guildCreate({ roles, members: people.map(([id, own]) => member(id, { roles: own })) })
const view = applyEvent(emptyView(GUILD), 'GUILD_CREATE', snapshot, null, AT)

test.each([
  ['300', 'owner'],
  ['400', 'Moderators'],
  ['401', 'Helpers'],
  ['402', 'member'],
  ['403', 'member'],
])('%s is told to be %s', (id, standing) => {
  const queries = new QueryClient()
  const user = { id, username: 'somebody', avatar: null }
  queries.setQueryData(viewerQuery.queryKey, { user, demo: true, operator: false })
  const html = renderToStaticMarkup(
    <QueryClientProvider client={queries}>
      <GuildStoreProvider value={stillStore(view)}>
        <ViewerCard />
      </GuildStoreProvider>
    </QueryClientProvider>,
  )
  expect(html.replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ')).toContain(` ${standing} , sees 1 channel `)
})
