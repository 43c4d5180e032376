import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SqliteLog } from '@repo/event-feed/sqlite'

/** A folder that is gone when it is done with. */
export async function scratchFolder(): Promise<{ path: string } & AsyncDisposable> {
  const path = await mkdtemp(join(tmpdir(), 'bench-'))
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) }
}

/** A log in such a folder. */
export async function openScratchLog(bounds: {
  maxAgeMs: number
  maxBytes: number
}): Promise<{ log: SqliteLog } & AsyncDisposable> {
  const folder = await scratchFolder()
  const log = await SqliteLog.open({ path: join(folder.path, 'log.sqlite'), ...bounds })
  return {
    log,
    async [Symbol.asyncDispose]() {
      await log.close()
      await folder[Symbol.asyncDispose]()
    },
  }
}
