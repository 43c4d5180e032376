import { MESSAGE_MAX_FILES } from '@repo/discord-integration/types'
import type { Failure, UploadedFile } from '../server/function-results.ts'
import type { Uploads } from './uploads.ts'

/** A file that is to go with the next message in a channel. */
export type Attachment = {
  /** The page's own. */
  id: string
  name: string
  size: number
  /** How many bytes have gone; null before it is its turn. */
  sent: number | null
  /** Once it is there. */
  uploaded: UploadedFile | null
  /** Why it is not. */
  failure: Failure | null
}

const none: readonly Attachment[] = []

type Kept = { readonly file: File; readonly given: AbortController }

/** The files of what one writes in one guild, by channel. They are uploaded as they come, also while one looks elsewhere. */
export class Attachments {
  readonly #uploads: Uploads
  readonly #listeners = new Set<() => void>()
  readonly #byChannel = new Map<string, readonly Attachment[]>()
  readonly #kept = new Map<string, Kept>()
  #ids = 0

  constructor(uploads: Uploads) {
    this.#uploads = uploads
  }

  of(channelId: string): readonly Attachment[] {
    return this.#byChannel.get(channelId) ?? none
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Returns how many were left out: a message has only so many. */
  add(channelId: string, files: readonly File[]): number {
    const room = Math.max(0, MESSAGE_MAX_FILES - this.of(channelId).length)
    const added = files.slice(0, room).map((file): Attachment => {
      const id = String((this.#ids += 1))
      this.#kept.set(id, { file, given: new AbortController() })
      return { id, name: file.name, size: file.size, sent: null, uploaded: null, failure: null }
    })
    this.#set(channelId, [...this.of(channelId), ...added])
    for (const { id } of added) void this.#upload(channelId, id)
    return files.length - added.length
  }

  retry(channelId: string, id: string): void {
    this.#change(channelId, id, { sent: null, failure: null })
    void this.#upload(channelId, id)
  }

  remove(channelId: string, id: string): void {
    this.#kept.get(id)?.given.abort()
    this.#kept.delete(id)
    this.#set(
      channelId,
      this.of(channelId).filter((one) => one.id !== id),
    )
  }

  /** Those that are there, for the message that they go with; none is left behind. */
  take(channelId: string): UploadedFile[] {
    const taken = this.of(channelId)
    for (const { id } of taken) this.remove(channelId, id)
    return taken.flatMap(({ uploaded }) => uploaded ?? [])
  }

  clear(): void {
    for (const channelId of this.#byChannel.keys()) this.take(channelId)
  }

  async #upload(channelId: string, id: string): Promise<void> {
    const kept = this.#kept.get(id)
    if (kept === undefined) return
    const outcome = await this.#uploads.upload({
      channelId,
      file: kept.file,
      onProgress: (sent) => this.#change(channelId, id, { sent }),
      signal: kept.given.signal,
    })
    this.#change(channelId, id, outcome.ok ? { uploaded: outcome } : { failure: outcome })
  }

  #change(channelId: string, id: string, change: Partial<Attachment>): void {
    this.#set(
      channelId,
      this.of(channelId).map((one) => (one.id === id ? { ...one, ...change } : one)),
    )
  }

  #set(channelId: string, attachments: readonly Attachment[]): void {
    if (attachments.length === 0) this.#byChannel.delete(channelId)
    else this.#byChannel.set(channelId, attachments)
    for (const listener of this.#listeners) listener()
  }
}
