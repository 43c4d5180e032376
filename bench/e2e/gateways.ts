import { Child } from '../../test/lib/child.ts'
import { freePort } from '../../test/lib/free-port.ts'
import { Party } from '../lib/party.ts'
import { scratchFolder } from '../lib/scratch-log.ts'
import type { Discord, GuildSize, Where } from './discord.ts'
import type { ExampleGateway } from './example-gateway.ts'
import type { WebSetup } from './web.ts'

export const LINK_TOKEN = 'a-link-token-for-benchmarks'

/** Starts a gateway that is gone with the stack. */
export type OpenGateway = (stack: AsyncDisposableStack, where: Where) => Promise<{ url: string; pid: number }>

export const openExampleGateway: OpenGateway = async (stack, where) => {
  const gateway = stack.use(new Party<ExampleGateway>(new URL('example-gateway.ts', import.meta.url), where))
  return { url: `ws://127.0.0.1:${await gateway.ask('port')}`, pid: gateway.pid }
}

/** What a Gateway Service needs to find again what it has kept. */
export type GatewayPlace = { port: number; folder: string }

/** The Gateway Service itself, as an operator starts it. @param preload a module that the process loads first. */
export function startGateway(
  { apiUrl, token }: Pick<Where, 'apiUrl' | 'token'>,
  { port, folder }: GatewayPlace,
  preload?: URL,
): Child {
  const args = preload ? ['--import', preload.href] : []
  return new Child([...args, 'apps/discord-gateway/src/main.ts', '--demo'], {
    DISCORD_TOKEN: token,
    DISCORD_API_URL: apiUrl,
    GATEWAY_DATA_DIR: folder,
    GATEWAY_PORT: String(port),
    LINK_TOKEN,
    LOG_LEVEL: 'warn',
  })
}

export const whenReady = (gateway: Child, { port }: GatewayPlace) => gateway.ready(`http://127.0.0.1:${port}/readyz`)

export const openGateway: OpenGateway = async (stack, where) => {
  const place = { port: await freePort(), folder: stack.use(await scratchFolder()).path }
  const gateway = stack.use(startGateway(where, place))
  await whenReady(gateway, place)
  return { url: `ws://127.0.0.1:${place.port}`, pid: gateway.pid }
}

/** Discord and a gateway behind it: all that a backend is given, and the path of the guild's stream there. */
export async function openUpToWeb(stack: AsyncDisposableStack, gateway: OpenGateway, size?: GuildSize) {
  const discord = stack.use(new Party<Discord>(new URL('discord.ts', import.meta.url), size))
  const where = await discord.ask('where')
  const { url: gatewayUrl, pid } = await gateway(stack, where)
  const { guildId, people } = where
  const { path: folder } = stack.use(await scratchFolder())
  const setup: WebSetup = { gatewayUrl, linkToken: LINK_TOKEN, guildId, people, folder }
  return { discord, gatewayPid: pid, setup, path: `/api/guilds/${guildId}/events` }
}
