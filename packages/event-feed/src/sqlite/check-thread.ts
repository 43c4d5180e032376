import { DatabaseSync } from 'node:sqlite'
import { parentPort, workerData } from 'node:worker_threads'
import type { Verdict } from './background-check.ts'
import { requireWhole } from './check.ts'
import { BUSY_TIMEOUT_MS } from './database.ts'
import { isCorrupt } from './result.ts'

/** Only reads: it must not clear up behind the back of whoever has the log open. */
function look(path: string): Verdict {
  try {
    requireWhole(new DatabaseSync(path, { readOnly: true, timeout: BUSY_TIMEOUT_MS }))
    return { found: 'nothing' }
  } catch (error) {
    return { found: isCorrupt(error) ? 'damage' : 'no answer', message: String(error) }
  }
}

parentPort?.postMessage(look(workerData as string))
