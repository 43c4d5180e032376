import { Child } from '../../test/lib/child.ts'
import { freePort } from '../../test/lib/free-port.ts'
import { Party } from '../lib/party.ts'
import { scratchFolder } from '../lib/scratch-log.ts'
import type { Where } from './discord.ts'
import type { ExampleGateway } from './example-gateway.ts'

export const LINK_TOKEN = 'a-link-token-for-benchmarks'

/** Starts a gateway that is gone with the stack. */
export type OpenGateway = (stack: AsyncDisposableStack, where: Where) => Promise<{ url: string; pid: number }>

export const openExampleGateway: OpenGateway = async (stack, where) => {
  const gateway = stack.use(new Party<ExampleGateway>(new URL('example-gateway.ts', import.meta.url), where))
  return { url: `ws://127.0.0.1:${await gateway.ask('port')}`, pid: gateway.pid }
}

/** The Gateway Service itself, as an operator starts it. */
export const openGateway: OpenGateway = async (stack, { apiUrl, token }) => {
  const port = await freePort()
  const folder = stack.use(await scratchFolder())
  const gateway = stack.use(
    new Child(['apps/discord-gateway/src/main.ts', '--demo'], {
      DISCORD_TOKEN: token,
      DISCORD_API_URL: apiUrl,
      GATEWAY_DATA_DIR: folder.path,
      GATEWAY_PORT: String(port),
      LINK_TOKEN,
      LOG_LEVEL: 'warn',
    }),
  )
  await gateway.ready(`http://127.0.0.1:${port}/readyz`)
  return { url: `ws://127.0.0.1:${port}`, pid: gateway.pid }
}
