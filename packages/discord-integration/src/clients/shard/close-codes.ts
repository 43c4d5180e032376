/**
 * How Discord ends a gateway connection, and what it asks for next: one table, and nobody switches on the numbers.
 * https://docs.discord.com/developers/topics/opcodes-and-status-codes#gateway-gateway-close-event-codes
 *
 * `next`: `resume` the session, `identify` for a new one, or `never` come back until a person has acted; for those the
 * meaning says where. RESUME is free and answered with op 9 where the session is gone, so whatever the table does not
 * know is resumed.
 */
export const discordCloseCodes = {
  UNKNOWN_ERROR: { code: 4000, next: 'resume', meaning: 'Discord does not know what went wrong' },
  UNKNOWN_OPCODE: { code: 4001, next: 'resume', meaning: 'an opcode or its payload was invalid' },
  DECODE_ERROR: { code: 4002, next: 'resume', meaning: 'a payload could not be decoded' },
  NOT_AUTHENTICATED: { code: 4003, next: 'resume', meaning: 'a payload was sent before identifying' },
  AUTHENTICATION_FAILED: {
    code: 4004,
    next: 'never',
    meaning:
      'Discord refused the bot token: copy it anew from https://discord.com/developers/applications > your application > Bot > Reset Token',
  },
  ALREADY_AUTHENTICATED: { code: 4005, next: 'resume', meaning: 'the connection had identified already' },
  /** Documented no longer, and sent still by servers that follow older pages. */
  INVALID_SESSION: { code: 4006, next: 'identify', meaning: 'the session is no longer valid' },
  INVALID_SEQUENCE: { code: 4007, next: 'identify', meaning: 'the sequence to resume from was invalid' },
  RATE_LIMITED: { code: 4008, next: 'resume', meaning: 'more than 120 payloads were sent in 60 seconds' },
  SESSION_TIMED_OUT: { code: 4009, next: 'identify', meaning: 'the session timed out' },
  INVALID_SHARD: {
    code: 4010,
    next: 'never',
    meaning: 'Discord refused the shard: its number must be below the shard count, which all shards must share',
  },
  SHARDING_REQUIRED: {
    code: 4011,
    next: 'never',
    meaning: 'the bot is in too many guilds for this shard count: raise it, or leave it to GET /gateway/bot',
  },
  INVALID_API_VERSION: {
    code: 4012,
    next: 'never',
    meaning: 'Discord no longer speaks gateway version 10: this software needs an update',
  },
  INVALID_INTENTS: {
    code: 4013,
    next: 'never',
    meaning:
      'the intents are not a valid number: compute them anew from https://docs.discord.com/developers/events/gateway#gateway-intents',
  },
  DISALLOWED_INTENTS: {
    code: 4014,
    next: 'never',
    meaning:
      'a privileged intent is asked for and not switched on: https://discord.com/developers/applications > your application > Bot > Privileged Gateway Intents (Presence 1<<8, Server Members 1<<1, Message Content 1<<15), or ask for fewer',
  },
} as const satisfies Record<string, { code: number; next: AfterClose; meaning: string }>

export type AfterClose = 'resume' | 'identify' | 'never'

export type DiscordClose = { code: number; next: AfterClose; meaning: string }

const byCode = new Map<number, DiscordClose>(Object.values(discordCloseCodes).map((entry) => [entry.code, entry]))

export function discordClose(code: number): DiscordClose {
  return byCode.get(code) ?? { code, next: 'resume', meaning: 'the connection was lost' }
}

/** The privileged intents among a set, by the names the Developer Portal shows. */
export function privilegedIntents(intents: number): string[] {
  return Object.entries(PRIVILEGED)
    .filter(([, bit]) => (intents & bit) !== 0)
    .map(([name]) => name)
}

/** https://docs.discord.com/developers/events/gateway#privileged-intents */
const PRIVILEGED = { 'Server Members Intent': 1 << 1, 'Presence Intent': 1 << 8, 'Message Content Intent': 1 << 15 }

/**
 * What we close with to leave the session resumable: anything but 1000 and 1001, which end it.
 * https://docs.discord.com/developers/events/gateway#initiating-a-disconnect
 */
export const CLOSE_RESUMABLE = 4200
