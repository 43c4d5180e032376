import { commands, isCommandName, SnowflakeSchema } from '@repo/discord-integration/types'
import type { CommandOrigin } from './command-origin.ts'
import type { Logger } from './logger.ts'

/**
 * A command has been taken. What comes back is to be told once how it was answered: `ack`, or the code of the error.
 */
export type Audit = (command: string, payload: unknown, origin: CommandOrigin) => (outcome: string) => void

export type AuditOptions = {
  logger: Logger
  /** The guild of a channel; null where that is not known. */
  guildOfChannel: (channelId: string) => string | null
  /** In ms, from any beginning. */
  now?: () => number
}

/** How often it is told that a backend asks the gateway about itself, which a page that is open has it do twice a second. */
const ABOUT_ITSELF_EVERY_MS = 60_000

/**
 * A line per command, whatever became of it: who, what, where, how it ended, how long that took. Never the content, and of
 * a payload nothing but ids. It is written at every level of the log but `silent`.
 *
 * What reaches nothing but the gateway itself (`get_status`), and is answered, has one line a minute and backend, with how many
 * `times` it was.
 */
export function createAudit({ logger, guildOfChannel, now = () => performance.now() }: AuditOptions): Audit {
  const lines = logger.child({ audit: true }, logger.level === 'silent' ? {} : { level: 'info' })
  const told = new Map<string, { at: number; times: number }>()
  /** How many times it was since it was told last, this one included; 0 where it is not to be told now. */
  const timesToTell = (what: string): number => {
    const last = told.get(what)
    if (last && now() - last.at < ABOUT_ITSELF_EVERY_MS) {
      last.times += 1
      return 0
    }
    told.set(what, { at: now(), times: 0 })
    return 1 + (last?.times ?? 0)
  }
  return (name, payload, { backend, requestId }) => {
    const begunAt = now()
    const channel = idIn(payload, 'channel_id')
    // As it is now: a command may do away with the channel that it is for.
    const guild = idIn(payload, 'guild_id') ?? (channel && (guildOfChannel(channel) ?? undefined))
    return (outcome) => {
      // What else a backend calls a command is its own words.
      const command = isCommandName(name) ? name : 'unknown'
      const ms = Math.round(now() - begunAt)
      const isAboutItself = command !== 'unknown' && commands[command].guild === null && outcome === 'ack'
      const times = isAboutItself ? timesToTell(`${backend.id} ${command}`) : 1
      if (times === 0) return
      const fields = { backend: backend.name, command, guild, channel, requestId, outcome, ms }
      lines.info(times === 1 ? fields : { ...fields, times }, 'command')
    }
  }
}

function idIn(payload: unknown, field: string): string | undefined {
  if (typeof payload !== 'object' || payload === null || !Object.hasOwn(payload, field)) return undefined
  return SnowflakeSchema.safeParse((payload as Record<string, unknown>)[field]).data
}
