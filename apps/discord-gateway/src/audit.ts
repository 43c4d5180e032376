import { isCommandName, SnowflakeSchema } from '@repo/discord-integration/types'
import type { CommandOrigin } from './command-origin.ts'
import { isAboutItself } from './commands/about-itself.ts'
import type { Logger } from './logger.ts'

/**
 * A command has been taken. What comes back is to be told once how it was answered: `ack`, or the code of the error.
 */
export type Audit = (command: string, payload: unknown, origin: CommandOrigin) => (outcome: string) => void

/** Who asked for which command, where, under which id: names and ids alone. */
export type Asked = {
  backend: string
  command: string
  guild?: string | undefined
  channel?: string | undefined
  requestId?: string | undefined
  /** The user whom the backend did it for, as it says. */
  actor?: string | undefined
}

/** A command that was taken, until its line is written. */
type Taken = { asked: Asked; backendId: string; begunAt: number; repeated: boolean }

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
export class CommandAudit {
  readonly #lines: Logger
  readonly #guildOfChannel: AuditOptions['guildOfChannel']
  readonly #now: () => number
  readonly #taken = new Map<CommandOrigin, Taken>()
  readonly #aboutItself = new Map<string, { at: number; times: number; line: object }>()

  constructor({ logger, guildOfChannel, now = () => performance.now() }: AuditOptions) {
    this.#lines = logger.child({ audit: true }, logger.level === 'silent' ? {} : { level: 'info' })
    this.#guildOfChannel = guildOfChannel
    this.#now = now
  }

  readonly take: Audit = (name, payload, origin) => {
    const channel = idIn(payload, 'channel_id')
    const asked = {
      backend: origin.backend.name,
      // What else a backend calls a command is its own words.
      command: isCommandName(name) ? name : 'unknown',
      // As it is now: a command may do away with the channel that it is for.
      guild: idIn(payload, 'guild_id') ?? (channel && (this.#guildOfChannel(channel) ?? undefined)),
      channel,
      requestId: origin.requestId,
      actor: origin.actor,
    }
    const taken = { asked, backendId: origin.backend.id, begunAt: this.#now(), repeated: false }
    this.#taken.set(origin, taken)
    return (outcome) => {
      if (this.#taken.delete(origin)) this.#answered(taken, outcome)
    }
  }

  /** Who asks for it; undefined once its line is written. */
  asked(origin: CommandOrigin): Asked | undefined {
    return this.#taken.get(origin)?.asked
  }

  /** Of a command that was under way when an earlier process ended. @param begunAt in ms since the epoch. */
  lost(asked: Asked, begunAt: number): void {
    this.#write({ ...asked, outcome: 'OUTCOME_UNKNOWN', begun: new Date(begunAt).toISOString() }, 1)
  }

  /** It is not done for this request: what it is answered was known, or is another's that is under way. */
  repeated(origin: CommandOrigin): void {
    const taken = this.#taken.get(origin)
    if (taken) taken.repeated = true
  }

  /** Writes what has not been written yet: of commands that nobody will hear the end of, and sums. */
  end(): void {
    for (const taken of this.#taken.values()) this.#answered(taken, 'OUTCOME_UNKNOWN')
    this.#taken.clear()
    for (const { times, line } of this.#aboutItself.values()) if (times > 0) this.#write(line, times)
    this.#aboutItself.clear()
  }

  #answered({ asked, backendId, begunAt, repeated }: Taken, outcome: string): void {
    const ms = Math.round(this.#now() - begunAt)
    const line = { ...asked, outcome, ms, ...(repeated && { repeated }) }
    const isOften = isAboutItself(asked.command) && outcome === 'ack'
    const times = isOften ? this.#timesToTell(`${backendId} ${asked.command}`, line) : 1
    if (times > 0) this.#write(line, times)
  }

  /** How many times it was since it was told last, this one included; 0 where it is not to be told now. */
  #timesToTell(what: string, line: object): number {
    const last = this.#aboutItself.get(what)
    if (last && this.#now() - last.at < ABOUT_ITSELF_EVERY_MS) {
      this.#aboutItself.set(what, { at: last.at, times: last.times + 1, line })
      return 0
    }
    this.#aboutItself.set(what, { at: this.#now(), times: 0, line })
    return 1 + (last?.times ?? 0)
  }

  #write(line: object, times: number): void {
    this.#lines.info(times === 1 ? line : { ...line, times }, 'command')
  }
}

function idIn(payload: unknown, field: string): string | undefined {
  if (typeof payload !== 'object' || payload === null || !Object.hasOwn(payload, field)) return undefined
  return SnowflakeSchema.safeParse((payload as Record<string, unknown>)[field]).data
}
