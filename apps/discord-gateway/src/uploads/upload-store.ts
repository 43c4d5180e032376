import { randomBytes } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { FilenameSchema, LinkError, UPLOAD_MAX_BYTES, UploadSchema } from '@repo/discord-integration/types'
import { parsed } from '@repo/event-feed'
import { z } from 'zod'
import type { Logger } from '../logger.ts'
import { uploadLimits, type UploadLimits } from './limits.ts'

/**
 * How much longer than a command may name it for the first time: what was begun in time may be put to Discord again for two
 * minutes, and a request that is under way reads the file.
 */
const LATE_MS = 3 * 60_000

const SWEEP_EVERY_MS = 60_000

/** Of the handle: 22 characters of base64url. */
const HANDLE_BYTES = 16

/** What lies beside the bytes of an upload, in a JSON file. */
const AboutSchema = z.object({
  backendId: z.string(),
  filename: FilenameSchema,
  contentType: z.string(),
  size: z.int().min(1),
  expiresAt: z.number(),
})
type About = z.output<typeof AboutSchema>

/** A file that a backend has uploaded. */
export type Upload = About & {
  /** What commands name it by. */
  handle: string
  /** Where its bytes lie. */
  path: string
}

export type NewUpload = Pick<About, 'backendId' | 'filename' | 'contentType'> & {
  /** As its sender says; undefined where it does not say. */
  size?: number | undefined
}

export type UploadStoreOptions = {
  logger: Logger
  limits?: Partial<UploadLimits>
  now?: () => number
}

/** What takes room: an upload, or one that is under way and has promised so many bytes. */
type Held = { backendId: string; bytes: number; upload: Upload | null }

/**
 * The files that backends have uploaded, in a folder: each under its handle, and beside it what is known of it. So they
 * outlive the process, by their time. One that is not whole has another name, and is removed, at the latest at the next start.
 */
export class UploadStore {
  readonly #folder: string
  readonly #logger: Logger
  readonly #limits: UploadLimits
  readonly #now: () => number
  readonly #held = new Map<string, Held>()
  readonly #underWay = new Set<Promise<unknown>>()
  readonly #sweeps: NodeJS.Timeout

  private constructor(folder: string, { logger, limits, now = Date.now }: UploadStoreOptions) {
    this.#folder = folder
    this.#logger = logger
    this.#limits = { ...uploadLimits, ...limits }
    this.#now = now
    this.#sweeps = setInterval(() => void this.#sweep(), SWEEP_EVERY_MS).unref()
  }

  /** Never rejects: where the folder cannot be read, nothing is known of what was uploaded before. */
  static async open(folder: string, options: UploadStoreOptions): Promise<UploadStore> {
    const store = new UploadStore(folder, options)
    try {
      await store.#restore()
    } catch (error) {
      options.logger.error({ err: error }, 'what was uploaded before could not be read')
    }
    return store
  }

  /**
   * Writes down what comes, and resolves once it is whole.
   *
   * @throws {LinkError} UPLOAD_TOO_LARGE, TOO_MANY_UPLOADS, STORAGE_FULL, BAD_REQUEST for what is empty or not of the size that
   * was said; and what the chunks throw. Nothing of it is left then.
   */
  async take(about: NewUpload, chunks: AsyncIterable<Uint8Array>): Promise<Upload> {
    const taking = this.#take(about, chunks)
    this.#underWay.add(taking)
    try {
      return await taking
    } finally {
      this.#underWay.delete(taking)
    }
  }

  /**
   * An upload of that backend; null for a handle that is another's as for one that is nobody's.
   *
   * @param late whether a command names it that did so before, in time.
   */
  find(handle: string, backendId: string, late = false): Upload | null {
    const upload = this.#held.get(handle)?.upload
    if (upload?.backendId !== backendId) return null
    return this.#now() < upload.expiresAt + (late ? LATE_MS : 0) ? upload : null
  }

  /** Resolves when nothing is under way any more: whoever still sends has to be cut off before. */
  async close(): Promise<void> {
    clearInterval(this.#sweeps)
    await Promise.allSettled(this.#underWay)
  }

  async #take(about: NewUpload, chunks: AsyncIterable<Uint8Array>): Promise<Upload> {
    const { backendId, filename, contentType, size: promised } = about
    const handle = `upload_${randomBytes(HANDLE_BYTES).toString('base64url')}`
    const held: Held = { backendId, bytes: promised ?? 0, upload: null }
    await this.#sweep()
    this.#held.set(handle, held)
    const path = this.#pathOf(handle)
    try {
      this.#requireRoom(held)
      let size = 0
      const counted = async function* (requireRoom: () => void) {
        for await (const chunk of chunks) {
          size += chunk.length
          if (size > held.bytes) {
            held.bytes = size
            requireRoom()
          }
          yield chunk
        }
      }
      await mkdir(this.#folder, { recursive: true, mode: 0o700 })
      await writeFile(
        partOf(path),
        counted(() => this.#requireRoom(held)),
        { flag: 'wx', mode: 0o600 },
      )
      if (size === 0) throw new LinkError('BAD_REQUEST', 'the body is the file, and it is empty')
      if (promised !== undefined && size !== promised)
        throw new LinkError('BAD_REQUEST', 'the body is not as long as its Content-Length says')
      const expiresAt = this.#now() + this.#limits.keptMs
      const known: About = { backendId, filename, contentType, size, expiresAt }
      await writeFile(aboutOf(path), JSON.stringify(known), { flag: 'wx', mode: 0o600 })
      // From here on it is there, whatever ends.
      await rename(partOf(path), path)
      held.upload = { ...known, handle, path }
      return held.upload
    } catch (error) {
      await this.#drop(handle)
      if (isFull(error)) throw new LinkError('STORAGE_FULL', 'the disk of the Gateway Service is full')
      throw error
    }
  }

  #requireRoom({ backendId, bytes }: Held): void {
    if (bytes > UPLOAD_MAX_BYTES)
      throw new LinkError('UPLOAD_TOO_LARGE', `an upload has at most ${UPLOAD_MAX_BYTES} bytes`)
    const { ofBackendMax, ofBackendMaxBytes, allMaxBytes } = this.#limits
    const all = [...this.#held.values()]
    const own = all.filter((held) => held.backendId === backendId)
    if (own.length > ofBackendMax || bytesOf(own) > ofBackendMaxBytes) {
      const message = `of one backend ${ofBackendMaxBytes} bytes are kept, and ${ofBackendMax} files`
      throw new LinkError('TOO_MANY_UPLOADS', message, this.#whenRoom(own))
    }
    if (bytesOf(all) > allMaxBytes)
      throw new LinkError('STORAGE_FULL', `of all backends ${allMaxBytes} bytes are kept`, this.#whenRoom(all))
  }

  #whenRoom(held: readonly Held[]): { retryAfter: number } {
    const first = Math.min(...held.flatMap(({ upload }) => upload?.expiresAt ?? []))
    const waitMs = Number.isFinite(first) ? first + LATE_MS - this.#now() : 0
    return { retryAfter: Math.max(1, Math.ceil(waitMs / 1_000)) }
  }

  async #sweep(): Promise<void> {
    for (const [handle, { upload }] of this.#held) {
      if (upload && this.#now() >= upload.expiresAt + LATE_MS) await this.#drop(handle)
    }
  }

  /** What cannot be removed now is at the next start. */
  async #drop(handle: string): Promise<void> {
    this.#held.delete(handle)
    const path = this.#pathOf(handle)
    await this.#remove([aboutOf(path), partOf(path), path])
  }

  async #remove(paths: readonly string[]): Promise<void> {
    for (const path of paths) {
      await rm(path, { force: true }).catch((error: unknown) =>
        this.#logger.error({ err: error }, 'an upload could not be removed'),
      )
    }
  }

  async #restore(): Promise<void> {
    const names = await readdir(this.#folder).catch((error: unknown) => {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
      throw error
    })
    const handles = new Set(names.map((name) => name.split('.', 1)[0] ?? ''))
    for (const handle of handles) {
      const upload = await this.#read(handle)
      if (upload) this.#held.set(handle, { backendId: upload.backendId, bytes: upload.size, upload })
    }
    const isKept = (name: string) => this.#held.has(name.replace(/\.json$/, ''))
    await this.#remove(names.filter((name) => !isKept(name)).map((name) => join(this.#folder, name)))
  }

  /** Null for what is not whole, or past its time. */
  async #read(handle: string): Promise<Upload | null> {
    if (!UploadSchema.safeParse(handle).success) return null
    const path = this.#pathOf(handle)
    const [text, size] = await Promise.all([
      readFile(aboutOf(path), 'utf8').catch(() => ''),
      stat(path).then(
        (stats) => stats.size,
        () => null,
      ),
    ])
    const about = AboutSchema.safeParse(parsed(text)).data
    if (!about || about.size !== size || this.#now() >= about.expiresAt + LATE_MS) return null
    return { ...about, handle, path }
  }

  #pathOf(handle: string): string {
    return join(this.#folder, handle)
  }
}

const partOf = (path: string) => `${path}.part`
const aboutOf = (path: string) => `${path}.json`

function bytesOf(held: readonly Held[]): number {
  return held.reduce((sum, { bytes }) => sum + bytes, 0)
}

/** errno(3): no space, or none left of a quota. */
function isFull(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT')
}
