import { useEffect, type ReactNode } from 'react'
import { useGateway } from './gateway-provider.tsx'
import { GuildStoreProvider } from './use-guild-store.ts'

/** Around all that shows something of one guild. While it is there the guild is live, and for a while after. */
export function GuildProvider({ guildId, children }: { guildId: string; children: ReactNode }) {
  const { stores } = useGateway()
  const store = stores.of(guildId)
  useEffect(() => stores.show(store), [stores, store])
  return <GuildStoreProvider value={store}>{children}</GuildStoreProvider>
}
