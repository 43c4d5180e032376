import { createFileRoute, redirect } from '@tanstack/react-router'
import { NoServersPage } from '../components/pages/no-servers-page.tsx'
import { listGuilds } from '../server/functions.ts'

export const Route = createFileRoute('/')({
  loader: async () => {
    const [first] = await listGuilds()
    if (first !== undefined) throw redirect({ to: '/guilds/$guildId', params: { guildId: first.id } })
  },
  component: NoServersPage,
})
