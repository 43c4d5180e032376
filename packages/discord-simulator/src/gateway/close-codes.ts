import { GatewayCloseCodes } from 'discord-api-types/v10'

/** Why the simulator closes: https://docs.discord.com/developers/topics/opcodes-and-status-codes#gateway-close-event-codes */
export const CLOSE_REASONS: Readonly<Record<number, string>> = {
  [GatewayCloseCodes.UnknownError]: 'Unknown error.',
  [GatewayCloseCodes.UnknownOpcode]: 'Unknown opcode.',
  [GatewayCloseCodes.DecodeError]: 'Error while decoding payload.',
  [GatewayCloseCodes.NotAuthenticated]: 'Not authenticated.',
  [GatewayCloseCodes.AuthenticationFailed]: 'Authentication failed.',
  [GatewayCloseCodes.AlreadyAuthenticated]: 'Already authenticated.',
  [GatewayCloseCodes.InvalidSeq]: 'Invalid seq.',
  [GatewayCloseCodes.RateLimited]: 'Rate limited.',
  [GatewayCloseCodes.SessionTimedOut]: 'Session timed out.',
  [GatewayCloseCodes.InvalidShard]: 'Invalid shard.',
  [GatewayCloseCodes.ShardingRequired]: 'Sharding required.',
  [GatewayCloseCodes.InvalidAPIVersion]: 'Invalid API version.',
  [GatewayCloseCodes.InvalidIntents]: 'Invalid intent(s).',
  [GatewayCloseCodes.DisallowedIntents]: 'Disallowed intent(s).',
}

/** Closed with one of these by the simulator, a session is over: Discord asks for a new one, or for none at all. */
const ENDING: ReadonlySet<number> = new Set([4004, 4007, 4009, 4010, 4011, 4012, 4013, 4014])

/** A client that closes with one of these says that it will not be back. */
const LEAVING: ReadonlySet<number> = new Set([1000, 1001])

/** Whether a connection's end is its session's end too. */
export function endsSession(by: 'client' | 'simulator', code: number): boolean {
  return (by === 'client' ? LEAVING : ENDING).has(code)
}
