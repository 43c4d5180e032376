import { GatewayBotError } from '@repo/discord-integration/clients'
import { LinkError } from '@repo/discord-integration/types'

const LISTEN_PROBLEMS: Readonly<Record<string, (address: string) => string>> = {
  EADDRINUSE: (address) => `GATEWAY_PORT: ${address} is taken`,
  EACCES: (address) => `GATEWAY_PORT: ${address} may not be opened by this user`,
  EADDRNOTAVAIL: (address) => `GATEWAY_HOST: ${address} is no address of this machine`,
  ENOTFOUND: (address) => `GATEWAY_HOST: ${address} is not known`,
}

/** Why the port could not be had, in one line that names the variable to change. */
export function listenProblem({ host, port }: { host: string; port: number }, error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  return LISTEN_PROBLEMS[code]?.(`${host}:${port}`) ?? `${host}:${port} cannot be listened on: ${String(error)}`
}

/** Why Discord will not have us, in one line that names the variable to change. */
export function refusalProblem(error: unknown): string {
  if (error instanceof GatewayBotError || (error instanceof LinkError && error.status === 401)) {
    return `DISCORD_TOKEN: Discord refuses it: ${error.message}`
  }
  if (error instanceof LinkError) {
    return `DISCORD_INTENTS: Discord does not say which the application has, so name them: ${error.message}`
  }
  return `the sessions with Discord could not be opened: ${String(error)}`
}
