import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { DatabaseSync } from 'node:sqlite'

/**
 * How much is appended between two checkpoints, in bytes of payload; the write-ahead log becomes about twice as large.
 * Less would write the same pages of the index again and again, more would take longer to read after a crash.
 */
export const CHECKPOINT_EVERY_BYTES = 16 * 1024 * 1024

/** So much may be appended while the bulk is moved; who appends faster than the disk takes it waits for the disk. */
const APPENDED_MEANWHILE_BYTES = 32 * 1024 * 1024

/** What the thread is given. */
export type CheckpointerData = { path: string }

/** One checkpoint of what there is now; and, if nobody appends meanwhile, the beginning of the next write-ahead log. */
export type CheckpointOrder = { beginAnew: boolean }

/**
 * The write-ahead log, kept short without stalling the event loop. Moving it into the database means waiting for the
 * disk, some ms or some hundred, so another thread does it, by a connection of its own.
 *
 * While appends go on there is always something new at its end, so it would never become empty and start over. Hence two
 * steps: the bulk is moved while appends go on, then they are held, not blocked, for the little that has come meanwhile.
 * Who writes next begins it anew, which waits for the disk too: so that thread also writes, before the hold ends.
 */
export class Wal {
  readonly #db: DatabaseSync
  readonly #worker: Worker
  readonly #failed: (error: unknown) => void
  readonly #gone = new AbortController()
  #bytes = 0
  #checkpointing: Promise<void> | null = null
  #hold: Promise<void> | null = null

  constructor(db: DatabaseSync, path: string, failed: (error: unknown) => void) {
    this.#db = db
    this.#failed = failed
    this.#worker = new Worker(new URL('./checkpoint-worker.ts', import.meta.url), {
      workerData: { path } satisfies CheckpointerData,
    })
    this.#worker.unref()
    this.#worker.once('error', (error) => this.#fallBack(error))
  }

  /** Nothing may be appended before it resolves; null while nothing stands against it. */
  get hold(): Promise<void> | null {
    return this.#hold
  }

  appended(bytes: number): void {
    this.#bytes += bytes
    if (this.#gone.signal.aborted) return
    if (this.#checkpointing === null) {
      if (this.#bytes < CHECKPOINT_EVERY_BYTES) return
      this.#bytes = 0
      this.#checkpointing = this.#checkpoint()
    } else if (this.#bytes >= APPENDED_MEANWHILE_BYTES) this.#hold = this.#checkpointing
  }

  async close(): Promise<void> {
    this.#gone.abort()
    await this.#worker.terminate()
  }

  async #checkpoint(): Promise<void> {
    try {
      await this.#ask({ beginAnew: false })
      this.#hold = this.#checkpointing
      await this.#ask({ beginAnew: true })
    } catch (error) {
      this.#fallBack(error)
    } finally {
      this.#hold = null
      this.#checkpointing = null
    }
  }

  async #ask(order: CheckpointOrder): Promise<void> {
    const answer = once(this.#worker, 'message', { signal: this.#gone.signal })
    this.#worker.postMessage(order)
    await answer
  }

  /** Without the thread it is done here, and the loop stalls for it: better than a log that only grows. */
  #fallBack(error: unknown): void {
    if (this.#gone.signal.aborted) return
    this.#gone.abort()
    this.#db.exec('PRAGMA wal_autocheckpoint = 1000')
    this.#failed(error)
  }
}
