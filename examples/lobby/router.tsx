import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { createRootRoute, createRoute, createRouter, HeadContent, Scripts } from '@tanstack/react-router'
import { useState, type ReactNode } from 'react'
import { GatewayProvider, GuildProvider, type VoiceMember } from '../../apps/web/src/hooks/index.ts'
import { listGuilds, whoAmI } from '../../apps/web/src/server/functions.ts'
import styles from './lobby.css?url'
import { Connection, Lobby, nameOf, useVoiceChannels } from './lobby.tsx'

const rootRoute = createRootRoute({
  head: () => ({
    meta: [{ charSet: 'utf-8' }, { name: 'viewport', content: 'width=device-width' }, { title: 'Lobby' }],
    links: [{ rel: 'stylesheet', href: styles }],
  }),
  shellComponent: Shell,
})

const lobbyRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/',
  loader: async () => {
    const { user } = await whoAmI()
    return { user, guilds: user === null ? [] : await listGuilds() }
  },
  component: Page,
})

function Page() {
  const { user, guilds } = lobbyRoute.useLoaderData()
  const [guild] = guilds
  if (user === null) return <a href="/auth/discord?to=/">Sign in with Discord</a>
  if (guild === undefined) return <p>You share no server with the bot.</p>
  return (
    <GatewayProvider viewerId={user.id}>
      <GuildProvider guildId={guild.id}>
        <h1>{guild.name}</h1>
        <Connection />
        <Rooms />
      </GuildProvider>
    </GatewayProvider>
  )
}

function Rooms() {
  const [chosen, choose] = useState<string | null>(null)
  const [team, start] = useState<readonly VoiceMember[] | null>(null)
  const channels = useVoiceChannels()
  if (team !== null) return <output>The game is on: {team.map(nameOf).join(', ')}</output>
  return (
    <>
      <nav aria-label="Voice channels">
        {channels.map(({ id, name }) => (
          <button key={id} type="button" aria-pressed={id === chosen} onClick={() => choose(id)}>
            {name}
          </button>
        ))}
      </nav>
      {chosen !== null && <Lobby key={chosen} channelId={chosen} onStart={start} />}
    </>
  )
}

function Shell({ children }: { children: ReactNode }) {
  return (
    <html lang="en">
      <head>
        <HeadContent />
        <link rel="icon" href="/icon.svg" />
      </head>
      <body>
        <main>{children}</main>
        <Scripts />
      </body>
    </html>
  )
}

export function getRouter() {
  const client = new QueryClient()
  return createRouter({
    routeTree: rootRoute.addChildren([lobbyRoute]),
    Wrap: ({ children }) => <QueryClientProvider client={client}>{children}</QueryClientProvider>,
  })
}
