import { constants, setPriority } from 'node:os'
import { Worker } from 'node:worker_threads'
import type { Verdict } from './background-check.ts'

/* SQLite's check is one question, and who asks it hears nothing else. So a thread asks, and this one hears what ends it. */

// Whoever appends comes first: beside busy cores it would make them wait. The thread takes it over as it begins.
setPriority(constants.priority.PRIORITY_LOW)
const thread = new Worker(new URL('./check-thread.ts', import.meta.url), { workerData: process.argv[2] ?? '' })
const tell = (verdict: Verdict) => process.send?.(verdict, () => process.exit())
thread.once('message', tell)
thread.once('error', (error) => tell({ found: 'no answer', message: String(error) }))
// Whoever started it is gone, and nobody wants to know any more. An orderly end would wait for the thread.
process.once('disconnect', () => process.kill(process.pid, 'SIGKILL'))
