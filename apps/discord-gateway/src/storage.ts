import { bounds } from '@repo/discord-integration/types'
import { EventFeed, StateKeeper, type LogEntry } from '@repo/event-feed'
import { LaterSchema, LogInUse, SqliteLog } from '@repo/event-feed/sqlite'
import type { Beginning } from '@repo/event-feed/sqlite'
import type { Config } from './config.ts'
import type { Logger } from './logger.ts'
import { logPath } from './log-path.ts'
import { isEachShardHeard } from './sessions/continuity.ts'

/** Why a log began anew, for an operator. */
const BEGINNINGS: Readonly<Record<Beginning, string>> = {
  new: 'the log begins',
  power: 'the machine ended while the log was open, and may have lost its newest: consumers are told to begin anew',
  tail: 'the log has lost its newest, or was put back from a copy: consumers are told to begin anew',
  damage: 'the log was damaged and has been put aside: a new one begins, and what the old one held is not replayed',
}

/** The file cannot be had, in words for whoever set it up. */
export class StorageProblem extends Error {
  /** Whether it stays so until somebody changes what was set up: another process may end, a full disk be emptied. */
  readonly lasting: boolean

  constructor(message: string, { lasting }: { lasting: boolean }) {
    super(message)
    this.lasting = lasting
  }
}

/** What the system says of a path that is the wrong one (errno(3)). */
const LASTING_CODES: ReadonlySet<unknown> = new Set([
  'EACCES',
  'EEXIST',
  'EINVAL',
  'EISDIR',
  'ELOOP',
  'ENAMETOOLONG',
  'ENOENT',
  'ENOTDIR',
  'EPERM',
  'EROFS',
])
/** The same of SQLite's result codes: SQLITE_PERM, SQLITE_READONLY, SQLITE_CANTOPEN (https://sqlite.org/rescode.html). */
const LASTING_ERRCODES: ReadonlySet<unknown> = new Set([3, 8, 14])

/** The state is saved so often while as much goes by as the log keeps. */
const SAVES_PER_RETENTION = 4

/** What outlives the process, and the feed over it. */
export type Storage = {
  log: SqliteLog
  feed: EventFeed
  /** Whether the state is that of an earlier process, so that consumers need not wait for Discord. */
  restored: boolean
  close: () => Promise<void>
}

export type StorageOptions = Pick<
  Config,
  'dataDir' | 'discordApiUrl' | 'discordToken' | 'retentionMs' | 'retentionBytes'
> & {
  logger: Logger
  /** Told of every entry that is stored from now on. */
  onStored?: (entry: LogEntry) => void
  /** The log is damaged: nothing more can be stored, and a new start begins anew. */
  onDamage: (error: unknown) => void
  /** What is stored and what was told do not agree any more: nothing more can be stored, and a new start goes on. */
  onBroken: (error: unknown) => void
}

/** @throws {StorageProblem} */
export async function openStorage(options: StorageOptions): Promise<Storage> {
  const { logger } = options
  const log = await openLog(options)
  sayHow(log, logger)
  const keeper = await StateKeeper.restore({
    store: log,
    from: () => log.from,
    saveEveryBytes: options.retentionBytes / SAVES_PER_RETENTION,
    onError: (error) => logger.error({ err: error }, 'the state could not be saved: trying again'),
  })
  const feed = new EventFeed({
    log,
    state: keeper.state,
    ready: false,
    applied: (entry) => {
      keeper.applied(entry)
      options.onStored?.(entry)
    },
    tooLarge: ({ event, guildId, payload }) => {
      const fields = { event: event.slice(0, bounds.eventNameChars), guildId, characters: payload.length }
      logger.error(fields, 'an event is too large to be passed on: consumers are told that something is missing')
    },
  })
  return {
    log,
    feed,
    restored: isEachShardHeard(log, log.notes) && keeper.state.pendingGuilds.size === 0,
    async close() {
      await feed.close()
      await keeper.close()
      await log.close()
    },
  }
}

async function openLog(options: StorageOptions): Promise<SqliteLog> {
  const { dataDir, discordApiUrl, discordToken, retentionMs, retentionBytes, logger, onDamage, onBroken } = options
  const path = logPath(dataDir, discordApiUrl, discordToken)
  try {
    return await SqliteLog.open({
      path,
      maxAgeMs: retentionMs,
      maxBytes: retentionBytes,
      onDamage,
      onBroken,
      onDegraded: (error) => logger.error({ err: error }, 'checkpoints of the log are made in the main thread now'),
      onUnchecked: (error) => logger.warn({ err: error }, 'the log could not be looked at whole'),
    })
  } catch (error) {
    if (error instanceof LogInUse) throw new StorageProblem(error.message, { lasting: false })
    if (error instanceof LaterSchema) throw new StorageProblem(error.message, { lasting: true })
    if (!(error instanceof Error && 'code' in error)) throw error
    const lasting =
      'errcode' in error ? LASTING_ERRCODES.has(Number(error.errcode) & 0xff) : LASTING_CODES.has(error.code)
    throw new StorageProblem(`${path}: ${error.message}`, { lasting })
  }
}

function sayHow(log: SqliteLog, logger: Logger): void {
  const { began, aside, epoch, to, size } = log
  const fields = { epoch, position: to, ...size, ...(aside !== null && { aside }) }
  if (began === null) logger.info(fields, 'the log goes on')
  else logger[began === 'new' ? 'info' : began === 'damage' ? 'error' : 'warn'](fields, BEGINNINGS[began])
}
