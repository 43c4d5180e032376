import type { IncomingMessage, ServerResponse } from 'node:http'
import { LinkError, type Uploaded } from '@repo/discord-integration/types'
import type { Logger } from '../logger.ts'
import { mayCommand } from '../tokens/scopes.ts'
import type { LinkToken } from '../tokens/link-token.ts'
import { uploadLimits, type UploadLimits } from './limits.ts'
import { readUploadRequest } from './upload-request.ts'
import type { UploadStore } from './upload-store.ts'

export type UploadEndpointOptions = {
  store: Pick<UploadStore, 'take'>
  logger: Logger
  limits?: Partial<UploadLimits>
  now?: () => number
}

/** Takes files of backends over HTTP, as docs/PROTOCOL.md describes it: `POST /uploads`. */
export class UploadEndpoint {
  readonly #options: UploadEndpointOptions
  readonly #limits: UploadLimits
  /** How many are under way, by the hash of their token. */
  readonly #underWay = new Map<string, number>()

  constructor(options: UploadEndpointOptions) {
    this.#options = options
    this.#limits = { ...uploadLimits, ...options.limits }
  }

  /**
   * Answers a request of whoever has that token.
   *
   * @throws {LinkError} what it is to be refused with; some of its body may not have been read then.
   */
  async answer(request: IncomingMessage, response: ServerResponse, token: LinkToken): Promise<void> {
    if (request.method !== 'POST') {
      response.setHeader('allow', 'POST')
      throw new LinkError('METHOD_NOT_ALLOWED', 'an upload is a POST')
    }
    const { backend } = token
    if (!mayCommand(backend.scopes))
      throw new LinkError('FORBIDDEN', 'the scopes of this token include no command that could name an upload')
    const about = readUploadRequest(request)
    const upload = await this.#counted(token, () =>
      this.#options.store.take({ ...about, backendId: backend.id }, this.#chunks(request, response)),
    )
    const { handle, filename, size, contentType, expiresAt } = upload
    this.#options.logger.debug({ backend: backend.name, bytes: size }, 'a file was uploaded')
    const answer: Uploaded = { upload: handle, filename, size, content_type: contentType, expires_at: expiresAt }
    response.writeHead(201, { 'content-type': 'application/json', 'cache-control': 'no-store' })
    response.end(JSON.stringify(answer))
  }

  async #counted<Result>({ hash }: LinkToken, take: () => Promise<Result>): Promise<Result> {
    const { atOnceMax } = this.#limits
    const before = this.#underWay.get(hash) ?? 0
    if (before >= atOnceMax)
      throw new LinkError('TOO_MANY_UPLOADS', `this token has ${before} uploads under way, of ${atOnceMax}`)
    this.#underWay.set(hash, before + 1)
    try {
      return await take()
    } finally {
      const left = (this.#underWay.get(hash) ?? 1) - 1
      if (left > 0) this.#underWay.set(hash, left)
      else this.#underWay.delete(hash)
    }
  }

  /** The body, as long as it comes in time. Whoever stops reading it may still answer. */
  async *#chunks(request: IncomingMessage, response: ServerResponse): AsyncGenerator<Buffer> {
    const { now = Date.now } = this.#options
    const endAt = now() + this.#limits.wholeMaxMs
    if (request.headers.expect !== undefined) response.writeContinue()
    const chunks = request.iterator({ destroyOnReturn: false }) as AsyncIterator<Buffer, undefined>
    let isWaiting = false
    try {
      for (;;) {
        isWaiting = true
        const { value, done } = await inTime(chunks.next(), Math.min(this.#limits.stalledMs, endAt - now()))
        isWaiting = false
        if (done === true) return
        yield value
      }
    } finally {
      // While it waits for a part it cannot be ended, and would not be heard of again.
      if (!isWaiting) await chunks.return?.()
    }
  }
}

/** @throws {LinkError} UPLOAD_STALLED, or BAD_REQUEST where the sender is gone. */
async function inTime<Result>(next: Promise<Result>, withinMs: number): Promise<Result> {
  const { promise: late, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(new LinkError('UPLOAD_STALLED', 'the upload took too long')), withinMs)
  try {
    const read = next.catch(() => {
      throw new LinkError('BAD_REQUEST', 'the upload was broken off')
    })
    return await Promise.race([read, late])
  } finally {
    clearTimeout(timer)
  }
}
