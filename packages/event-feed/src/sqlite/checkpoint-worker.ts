import { DatabaseSync } from 'node:sqlite'
import { parentPort, workerData } from 'node:worker_threads'

const db = new DatabaseSync((workerData as { path: string }).path)
const checkpoint = db.prepare('PRAGMA wal_checkpoint(PASSIVE)')

/** Every message asks for one checkpoint, and is answered when it is done. */
parentPort?.on('message', () => {
  checkpoint.get()
  parentPort?.postMessage(null)
})
