import type { Runtime } from '../boot.server.ts'
import { sendGatewayCommand } from '../init/gateway-client-init.server.ts'
import { Deputy } from './deputy.ts'

/** The bot, acting for that user: the only way to it that a page's server functions have. */
export function deputyFor(
  userId: string,
  { gateway, slowmode, ledger }: Pick<Runtime, 'gateway' | 'slowmode' | 'ledger'>,
): Deputy {
  const { feed, membership } = gateway
  const [state, botId] = [() => feed.state, () => gateway.botId]
  return new Deputy({ userId, state, membership, botId, send: sendGatewayCommand, slowmode, ledger })
}
