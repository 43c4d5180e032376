import { UPLOAD_MAX_BYTES } from '@repo/discord-integration/types'
import type { Failure, UploadedFile, UploadOutcome } from '../server/function-results.ts'
import { nothingDone, onlyListens } from './thrown.ts'

export type { UploadedFile, UploadOutcome } from '../server/function-results.ts'

/** A file for a message in a channel. */
export type NewUpload = {
  channelId: string
  file: Blob
  /** Default: the file's own. */
  filename?: string | undefined
  /** Hears how many bytes have gone. */
  onProgress?: ((bytes: number) => void) | undefined
  /** Gives it up. */
  signal?: AbortSignal | undefined
}

export type UploadRequest = Required<{ [Field in keyof NewUpload]: NonNullable<NewUpload[Field]> }> & {
  guildId: string
}

export type SendFile = (request: UploadRequest) => Promise<UploadOutcome>

/** What is more waits: each has more of the line then, and web takes only so many of one person. */
const AT_ONCE_MAX = 2

/** Sends files of one guild to where messages can name them. */
export class Uploads {
  readonly #guildId: string
  readonly #send: SendFile
  /** What was uploaded, so that it can be again: what names it is good for a quarter of an hour. */
  readonly #sources = new WeakMap<UploadedFile, Blob>()
  readonly #waiting: (() => void)[] = []
  #underWay = 0

  constructor(guildId: string, send: SendFile = onlyListens) {
    this.#guildId = guildId
    this.#send = send
  }

  /** Resolves to what a message names it by, or to why there is no such thing. What was given up is `ABORTED`. */
  async upload({ channelId, file, filename, onProgress, signal }: NewUpload): Promise<UploadOutcome> {
    const hindrance = hindranceOf(file)
    if (hindrance !== null) return hindrance
    const { signal: never } = new AbortController()
    const request: UploadRequest = {
      guildId: this.#guildId,
      channelId,
      file,
      filename: nameOf(filename ?? ('name' in file && typeof file.name === 'string' ? file.name : '')),
      onProgress: onProgress ?? (() => {}),
      signal: signal ?? never,
    }
    const outcome = await this.#inTurn(request)
    if (signal?.aborted === true) return failure('ABORTED', 'It was given up.')
    if (!outcome.ok) return { ...outcome, message: wordsOf(outcome) }
    const { upload, filename: called, size } = outcome
    const uploaded = { ok: true as const, upload, filename: called, size }
    this.#sources.set(uploaded, file)
    return uploaded
  }

  /** The same files once more, since they are kept no longer. */
  async again(channelId: string, files: readonly UploadedFile[]): Promise<readonly UploadedFile[] | Failure> {
    const outcomes = await Promise.all(
      files.map(async (uploaded): Promise<UploadOutcome> => {
        const file = this.#sources.get(uploaded)
        if (file === undefined) return failure('UNKNOWN_UPLOAD', 'Its files are there no more.')
        return await this.upload({ channelId, file, filename: uploaded.filename })
      }),
    )
    const renewed: UploadedFile[] = []
    for (const outcome of outcomes) {
      if (!outcome.ok) return outcome
      renewed.push(outcome)
    }
    return renewed
  }

  async #inTurn(request: UploadRequest): Promise<UploadOutcome> {
    if (this.#underWay >= AT_ONCE_MAX) await new Promise<void>((resolve) => this.#waiting.push(resolve))
    else this.#underWay += 1
    try {
      return request.signal.aborted ? failure('ABORTED', '') : await this.#send(request)
    } finally {
      // Whoever is next has the place.
      const next = this.#waiting.shift()
      if (next) next()
      else this.#underWay -= 1
    }
  }
}

const failure = (code: string, message: string): Failure => ({ ok: false, code, message, kept: false })

/** What need not be asked. */
function hindranceOf({ size }: Blob): Failure | null {
  if (size === 0) return failure('EMPTY', 'Empty: there is nothing in it.')
  // 10 MiB, in the unit that the page says sizes in.
  return size > UPLOAD_MAX_BYTES ? failure('UPLOAD_TOO_LARGE', 'Too large: a file has at most 10.48 MB.') : null
}

/** As a file may be called at Discord, whatever it is here. */
function nameOf(name: string): string {
  const plain = name.toWellFormed().replaceAll(/[/\\\p{Cc}]/gu, '_')
  return Array.from(plain).slice(-NAME_MAX_CHARACTERS).join('') || 'file'
}

const NAME_MAX_CHARACTERS = 260

function wordsOf({ code, message, retryAfter }: Failure): string {
  if (code === 'UNAUTHORIZED') return nothingDone[code] ?? ''
  const why = message === '' ? 'It did not get through.' : message
  return retryAfter === undefined ? why : `${why} ${Math.ceil(retryAfter)} s left.`
}
