import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { checkWhole, OfAnotherShape, openSqliteFile, shapeOf } from '../sqlite-file.ts'

/** Who wrote what, by ids. */
const FILE = 'ledger.sqlite'

/** `PRAGMA user_version` of a file of this shape. */
const SHAPE = 1
const SCHEMA = `
  CREATE TABLE deeds (
    message_id TEXT NOT NULL,
    emoji TEXT NOT NULL,
    user_id TEXT NOT NULL,
    channel_id TEXT NOT NULL,
    at INTEGER NOT NULL,
    gone INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (message_id, emoji, user_id)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX deeds_of ON deeds (user_id, channel_id, at);
  CREATE INDEX deeds_at ON deeds (at);
  PRAGMA user_version = ${SHAPE};
`

/** So long somebody may change what they wrote; and so much is kept of all, about 100 MB. */
const KEPT_MS = 90 * 86_400_000
const KEPT_MAX = 500_000
/** How many are written down between two times that the oldest are dropped. */
const PRUNE_EVERY = 1_000

/** As many as a page shows of a channel. */
const TOLD_MAX = 200

/** In place of an emoji: the message itself. No emoji is empty. */
const MESSAGE = ''

export type MessagePlace = { readonly channelId: string; readonly messageId: string }
export type ReactionPlace = MessagePlace & { readonly emoji: string }

/** What of a channel is somebody's own. */
export type Own = {
  /** Ids of messages that the bot wrote for them, the newest first. */
  messages: string[]
  reactions: { messageId: string; emoji: string }[]
}

/**
 * What the bot did for whom. At Discord all of it is the bot's; that a message is somebody's own stands here and nowhere
 * else: it was written down when the gateway said which message came of what they asked, so it is never a guess. What is
 * not in it is nobody's.
 *
 * In `ledger.sqlite` in a folder of web's, which several webs of one machine may share. Names of nobody and words of nothing
 * are in it, ids alone.
 */
export class Ledger {
  readonly #db: DatabaseSync
  readonly #statements: ReturnType<typeof prepare>
  readonly #now: () => number
  readonly #onUnkept: (error: unknown) => void
  #written = 0

  private constructor(db: DatabaseSync, onUnkept: (error: unknown) => void, now: () => number) {
    this.#db = db
    this.#statements = prepare(db)
    this.#onUnkept = onUnkept
    this.#now = now
    this.#prune()
  }

  /** One that is gone with the process. */
  static inMemory(now: () => number = Date.now): Ledger {
    const db = new DatabaseSync(':memory:')
    db.exec(SCHEMA)
    return new Ledger(db, () => {}, now)
  }

  /**
   * A file that is damaged, or of another shape, is put aside under another name, and nothing is anybody's own any more.
   *
   * @param onUnkept hears of what could not be written down.
   * @param onDamage hears under which name a file was put aside.
   * @throws what the system says where the folder or the file cannot be had.
   */
  static open(folder: string, { onUnkept, onDamage, now = Date.now }: LedgerOptions): Ledger {
    return openSqliteFile(join(folder, FILE), {
      use: (db) => {
        bringUp(db)
        return new Ledger(db, onUnkept, now)
      },
      onDamage,
      now,
    })
  }

  wrote(userId: string, place: MessagePlace): void {
    this.#add(userId, { ...place, emoji: MESSAGE })
  }

  reacted(userId: string, place: ReactionPlace): void {
    this.#add(userId, place)
  }

  hasWritten(userId: string, place: MessagePlace): boolean {
    return this.#has(userId, { ...place, emoji: MESSAGE })
  }

  hasReacted(userId: string, place: ReactionPlace): boolean {
    return this.#has(userId, place)
  }

  /**
   * The bot has one reaction of each emoji, whoever asked for it: taken back, it is nobody's. Whoever had asked for it may ask
   * once more to have it taken back, since they may not have heard that it was, until somebody asks for it anew.
   */
  unreacted({ messageId, emoji }: Pick<ReactionPlace, 'messageId' | 'emoji'>): void {
    this.#try(() => this.#statements.unreacted.run(messageId, emoji))
  }

  /** The newest of it. */
  ofChannel(userId: string, channelId: string): Own {
    const rows = this.#statements.ofChannel.all(userId, channelId, TOLD_MAX) as { message_id: string; emoji: string }[]
    const own: Own = { messages: [], reactions: [] }
    for (const { message_id: messageId, emoji } of rows) {
      if (emoji === MESSAGE) own.messages.push(messageId)
      else own.reactions.push({ messageId, emoji })
    }
    return own
  }

  close(): void {
    if (this.#db.isOpen) this.#db.close()
  }

  #add(userId: string, { channelId, messageId, emoji }: ReactionPlace): void {
    this.#try(() => {
      this.#statements.dropGone.run(messageId, emoji)
      this.#statements.add.run(messageId, emoji, userId, channelId, this.#now())
    })
    this.#written += 1
    if (this.#written % PRUNE_EVERY === 0) this.#prune()
  }

  #has(userId: string, { channelId, messageId, emoji }: ReactionPlace): boolean {
    return this.#statements.has.get(messageId, emoji, userId, channelId) !== undefined
  }

  #prune(): void {
    this.#try(() => {
      this.#statements.dropOld.run(this.#now() - KEPT_MS)
      this.#statements.dropMany.run(KEPT_MAX)
    })
  }

  /** What was done is done, whether or not it could be written down. */
  #try(write: () => void): void {
    try {
      write()
    } catch (error) {
      this.#onUnkept(error)
    }
  }
}

export type LedgerOptions = {
  onUnkept: (error: unknown) => void
  onDamage: (aside: string) => void
  now?: () => number
}

function bringUp(db: DatabaseSync): void {
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL')
  db.exec('BEGIN IMMEDIATE')
  // Another web may have been quicker.
  const shape = shapeOf(db)
  if (shape === 0) db.exec(SCHEMA)
  db.exec('COMMIT')
  if (shape !== 0 && shape !== SHAPE) throw new OfAnotherShape(`its shape is ${shape}, not ${SHAPE}`)
  checkWhole(db)
}

const prepare = (db: DatabaseSync) => ({
  add: db.prepare('INSERT OR IGNORE INTO deeds (message_id, emoji, user_id, channel_id, at) VALUES (?, ?, ?, ?, ?)'),
  has: db.prepare('SELECT 1 FROM deeds WHERE message_id = ? AND emoji = ? AND user_id = ? AND channel_id = ?'),
  dropGone: db.prepare('DELETE FROM deeds WHERE message_id = ? AND emoji = ? AND gone = 1'),
  unreacted: db.prepare('UPDATE deeds SET gone = 1 WHERE message_id = ? AND emoji = ?'),
  ofChannel: db.prepare(
    'SELECT message_id, emoji FROM deeds WHERE user_id = ? AND channel_id = ? AND gone = 0 ORDER BY at DESC, message_id DESC LIMIT ?',
  ),
  dropOld: db.prepare('DELETE FROM deeds WHERE at < ?'),
  dropMany: db.prepare('DELETE FROM deeds WHERE at <= (SELECT at FROM deeds ORDER BY at DESC LIMIT 1 OFFSET ?)'),
})
