import { constants, setPriority } from 'node:os'
import { DatabaseSync } from 'node:sqlite'
import type { Verdict } from './background-check.ts'
import { requireWhole } from './check.ts'
import { BUSY_TIMEOUT_MS } from './database.ts'
import { isCorrupt } from './result.ts'

/** Only reads: it may outlive the process that started it, and must not clear up behind the next one's back. */
function look(path: string): Verdict {
  try {
    requireWhole(new DatabaseSync(path, { readOnly: true, timeout: BUSY_TIMEOUT_MS }))
    return { found: 'nothing' }
  } catch (error) {
    return { found: isCorrupt(error) ? 'damage' : 'no answer', message: String(error) }
  }
}

// Whoever appends comes first: beside busy cores it would make them wait.
setPriority(constants.priority.PRIORITY_LOW)
const verdict = look(process.argv[2] ?? '')
process.send?.(verdict, () => process.exit())
