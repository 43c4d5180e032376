import type { QueryClient } from '@tanstack/react-query'
import { forgetPerson } from '../../live/kept-in-browser.ts'
import type { UnsentByGuild } from '../../live/unsent.ts'
import { guildsQuery } from './server-switcher.tsx'
import { viewerQuery } from './viewer-card.tsx'

/** What a page knows of whoever looked, beside its stores, which forget by themselves: they were signed out. */
export function forgetViewer(queries: QueryClient, unsent: Pick<UnsentByGuild, 'clear'>): void {
  unsent.clear()
  forgetPerson()
  queries.setQueryData(guildsQuery.queryKey, [])
  queries.setQueryData(viewerQuery.queryKey, { user: null, demo: false, operator: false })
}
