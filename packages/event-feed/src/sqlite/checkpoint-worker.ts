import { DatabaseSync } from 'node:sqlite'
import { parentPort, workerData } from 'node:worker_threads'
import { BUSY_TIMEOUT_MS } from './database.ts'
import { keepReserve } from './reserve.ts'
import type { CheckpointAnswer, CheckpointerData, CheckpointOrder } from './wal.ts'

const { path } = workerData as CheckpointerData
const db = new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS })
const checkpoint = db.prepare('PRAGMA wal_checkpoint(PASSIVE)')

/** Any write would do. Once all has been moved, the first begins the write-ahead log anew and forces its head to the disk. */
const write = db.prepare(
  "INSERT INTO note VALUES ('checkpoints', '1', NULL) ON CONFLICT (key) DO UPDATE SET value = CAST(value + 1 AS TEXT)",
)

/** Every order is answered when it is done. */
parentPort?.on('message', ({ beginAnew }: CheckpointOrder) => {
  let waiting = 0
  try {
    const { log, checkpointed } = checkpoint.get() as { log: number; checkpointed: number }
    waiting = log === checkpointed ? 0 : log
    if (beginAnew) {
      write.run()
      keepReserve(path)
    }
  } catch {
    // A full disk, mostly: the next order tries again. Whatever else it is, who appends meets it too.
  }
  parentPort?.postMessage({ waiting } satisfies CheckpointAnswer)
})
