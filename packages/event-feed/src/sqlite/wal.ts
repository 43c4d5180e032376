import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { DatabaseSync } from 'node:sqlite'
import { isFull } from './result.ts'

/**
 * How much is appended between two checkpoints, in bytes of payload; the write-ahead log becomes about twice as large.
 * Less would write the same pages of the index again and again, more would take longer to read after a crash. Where less
 * is kept than four times that, a quarter of it: a small disk is not to be filled by what only waits to be moved.
 */
export const CHECKPOINT_EVERY_BYTES = 16 * 1024 * 1024
const CHECKPOINT_LEAST_BYTES = 512 * 1024
const KEPT_PER_CHECKPOINT = 4

/** So much may be appended while the bulk is moved; who appends faster than the disk takes it waits for the disk. */
const MEANWHILE_PER_CHECKPOINT = 2

/** The thread is started again at the next checkpoint, but a thread that ends again and again is no help. */
const RESTARTS_MAX = 5

/** What the thread is given. */
export type CheckpointerData = { path: string }

/** One checkpoint of what there is now; and, if nobody appends meanwhile, the beginning of the next write-ahead log. */
export type CheckpointOrder = { beginAnew: boolean }

/** How many pages it holds, where not all of them could be moved: it goes on growing. */
export type CheckpointAnswer = { waiting: number }

/** So long, in pages of 4 KiB, it may become by what is not held: notes and the like. Then the loop waits for the disk once. */
const WAITING_MAX_PAGES = 4 * 4_096

export type WalOptions = {
  /** How much the log keeps. */
  keptBytes: number
  /** Hears that the thread is gone for good. */
  failed: (error: unknown) => void
  /** Deletes some of what need not be kept, in a transaction of its own. */
  giveUp: () => void
}

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
  readonly #path: string
  readonly #every: number
  readonly #failed: (error: unknown) => void
  readonly #giveUp: () => void
  readonly #gone = new AbortController()
  #worker: Worker | null = null
  #restarts = 0
  #bytes = 0
  #checkpointing: Promise<void> | null = null
  #hold: Promise<void> | null = null

  constructor(db: DatabaseSync, path: string, options: WalOptions) {
    this.#db = db
    this.#path = path
    this.#failed = options.failed
    this.#giveUp = options.giveUp
    const part = Math.floor(options.keptBytes / KEPT_PER_CHECKPOINT)
    this.#every = Math.min(CHECKPOINT_EVERY_BYTES, Math.max(CHECKPOINT_LEAST_BYTES, part))
    this.#worker = this.#start()
  }

  /** Nothing may be appended before it resolves; null while nothing stands against it. */
  get hold(): Promise<void> | null {
    return this.#hold
  }

  appended(bytes: number): void {
    this.#bytes += bytes
    if (this.#gone.signal.aborted) return
    if (this.#checkpointing === null) {
      if (this.#bytes < this.#every) return
      this.#bytes = 0
      this.#checkpointing = this.#checkpoint()
    } else if (this.#bytes >= this.#every * MEANWHILE_PER_CHECKPOINT) this.#hold = this.#checkpointing
  }

  /**
   * Does it; where the disk, or the file's bound, has no room, once more when what need not be kept has been deleted. That
   * takes room itself: so everything is moved first, here and now, and the write-ahead log is used from its beginning again.
   */
  withRoom<T>(job: () => T): T {
    try {
      return job()
    } catch (error) {
      if (!isFull(error)) throw error
    }
    const beginAnew = () => this.#db.exec('PRAGMA wal_checkpoint(RESTART)')
    beginAnew()
    try {
      this.#giveUp()
      beginAnew()
    } catch (error) {
      if (!isFull(error)) throw error
    }
    return job()
  }

  async close(): Promise<void> {
    this.#gone.abort()
    await this.#worker?.terminate()
  }

  #start(): Worker {
    const worker = new Worker(new URL('./checkpoint-worker.ts', import.meta.url), {
      workerData: { path: this.#path } satisfies CheckpointerData,
    })
    worker.unref()
    worker.once('error', (error) => {
      this.#worker = null
      this.#restarts += 1
      if (this.#restarts > RESTARTS_MAX) this.#fallBack(error)
    })
    return worker
  }

  async #checkpoint(): Promise<void> {
    try {
      await this.#ask({ beginAnew: false })
      this.#hold = this.#checkpointing
      const { waiting } = await this.#ask({ beginAnew: true })
      if (waiting > WAITING_MAX_PAGES) this.#db.exec('PRAGMA wal_checkpoint(RESTART)')
    } catch {
      // The thread has ended, and is started again for the next one.
    } finally {
      this.#hold = null
      this.#checkpointing = null
    }
  }

  async #ask(order: CheckpointOrder): Promise<CheckpointAnswer> {
    const worker = (this.#worker ??= this.#start())
    const answer = once(worker, 'message', { signal: this.#gone.signal })
    worker.postMessage(order)
    const [said] = (await answer) as [CheckpointAnswer]
    return said
  }

  /** Without the thread it is done here, and the loop stalls for it: better than a log that only grows. */
  #fallBack(error: unknown): void {
    if (this.#gone.signal.aborted) return
    this.#gone.abort()
    this.#db.exec('PRAGMA wal_autocheckpoint = 1000')
    this.#failed(error)
  }
}
