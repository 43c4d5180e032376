import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { scratchFolder } from '../lib/scratch-log.ts'
import type { Appending } from './appender.ts'

/**
 * What node:sqlite does at best for the same rows: the same table with its index, one transaction an append, and
 * checkpoints as SQLite makes them by itself, in the same thread. Nothing is deduped and nothing falls off.
 */
export async function openBare(): Promise<Appending & AsyncDisposable> {
  const folder = await scratchFolder()
  const db = new DatabaseSync(join(folder.path, 'bare.sqlite'))
  db.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;
    CREATE TABLE entry (position INTEGER PRIMARY KEY, ts INTEGER NOT NULL, bytes_through INTEGER NOT NULL, guild TEXT,
      event TEXT, backfilled INTEGER NOT NULL, payload TEXT NOT NULL) STRICT;
    CREATE INDEX entry_of_guild ON entry (position >> 10, guild)`)
  const insert = db.prepare('INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?, ?)')
  const [begin, commit] = [db.prepare('BEGIN IMMEDIATE'), db.prepare('COMMIT')]
  let position = 0
  return {
    async append(entries) {
      begin.run()
      for (const entry of entries) {
        if (entry.kind === 'gap') continue
        insert.run(++position, entry.ts, position * 1_024, entry.guildId, entry.event, 0, entry.payload)
      }
      commit.run()
    },
    async [Symbol.asyncDispose]() {
      db.close()
      await folder[Symbol.asyncDispose]()
    },
  }
}
