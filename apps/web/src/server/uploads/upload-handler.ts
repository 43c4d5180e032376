import type { IncomingMessage, ServerResponse } from 'node:http'
import type { UploadOptions } from '@repo/discord-integration/clients'
import { SnowflakeSchema, UPLOAD_MAX_BYTES, type Uploaded } from '@repo/discord-integration/types'
import type { UserLimits } from '../auth/user-limits.ts'
import type { Viewer } from '../auth/viewer.server.ts'
import type { Deputy } from '../deputy/deputy.ts'
import { ANY_FILES } from '../deputy/needs.ts'
import type { UploadedFile } from '../function-results.ts'
import { answerJson, answerSending } from '../http/answer.ts'
import { AWAY_SECONDS, NotTaken, notTaken, refusals } from './upload-refusals.ts'
import type { UploadSeal } from './upload-seal.ts'

/** Of one person, under way. The gateway has room for eight of all. */
const AT_ONCE_MAX = 4

const MIB = 1024 * 1024

const PATH = /^\/api\/guilds\/([^/]+)\/channels\/([^/]+)\/files$/

export type UploadHandlerOptions = {
  /** Whether a page of this site sent that. */
  isOwn: (request: IncomingMessage) => boolean
  /** Who sent that request; null: nobody who is signed in. */
  viewerOf: (request: IncomingMessage) => Promise<Viewer | null>
  deputyFor: (userId: string) => Pick<Deputy, 'may'>
  /** Whether it is known which guilds there are. */
  isReady: () => boolean
  limits: Pick<UserLimits, 'take'>
  /** Puts a file where commands can name it. */
  upload: (data: AsyncIterable<Uint8Array>, options: UploadOptions) => Promise<Uploaded>
  seal: Pick<UploadSeal, 'seal'>
  /** Hears by which code the gateway refuses what is web's matter. */
  onRefusal: (code: string) => void
  onFailure: (response: ServerResponse, error: unknown) => void
}

type Place = { guildId: string; channelId: string }

/**
 * Takes a file for a message: `POST /api/guilds/:guildId/channels/:channelId/files?filename=…`, whose body is the file; false for
 * another path. It is plain Node, in front of the framework, and the file goes on to the gateway as it comes: at no time is all of
 * it here.
 *
 * Whoever may write there with files may send one, where the bot may too. What it is answered with is good for them alone, in that
 * server. Nothing of a file, or of its name, is logged.
 */
export function createUploadHandler(options: UploadHandlerOptions) {
  const { isOwn, viewerOf, deputyFor, isReady, limits, upload, seal, onRefusal, onFailure } = options
  const underWay = new Map<string, number>()

  return (request: IncomingMessage, response: ServerResponse): boolean => {
    const [path = '', ...query] = (request.url ?? '').split('?')
    const [, guildId, channelId] = PATH.exec(path) ?? []
    if (guildId === undefined || channelId === undefined) return false
    void answer(request, response, { guildId, channelId }, new URLSearchParams(query.join('?')))
    return true
  }

  async function answer(
    request: IncomingMessage,
    response: ServerResponse,
    place: Place,
    query: URLSearchParams,
  ): Promise<void> {
    try {
      if (request.method !== 'POST') throw new NotTaken('METHOD_NOT_ALLOWED')
      if (!isOwn(request)) throw new NotTaken('FOREIGN_REQUEST')
      const viewer = await viewerOf(request)
      if (!viewer) throw new NotTaken('UNAUTHORIZED')
      const userId = viewer.user.id
      answerJson(response, 201, await counted(userId, () => take(request, userId, place, query)))
    } catch (error) {
      const failure = notTaken(error, onRefusal)
      if (failure) refuse(request, response, failure)
      else onFailure(response, error)
    }
  }

  async function take(
    request: IncomingMessage,
    userId: string,
    { guildId, channelId }: Place,
    query: URLSearchParams,
  ): Promise<UploadedFile> {
    const isPlace = [guildId, channelId].every((id) => SnowflakeSchema.safeParse(id).success)
    if (!isPlace) throw new NotTaken('NOT_FOUND')
    const filename = filenameOf(query)
    const retryAfter = limits.take('upload', userId, Math.ceil(mostBytesOf(request) / MIB))
    if (retryAfter !== null) throw new NotTaken('TOO_MANY_REQUESTS', retryAfter)
    if (!isReady()) throw new NotTaken('GATEWAY_AWAY', AWAY_SECONDS)
    const refused = await deputyFor(userId).may(guildId, 'send_message', { channel_id: channelId, files: ANY_FILES })
    // One attaches while one waits.
    if (refused && refused.code !== 'SLOWMODE') throw refused
    const body = new Body(request)
    const contentType = request.headers['content-type']
    const about = { filename, ...(contentType !== undefined && { contentType }) }
    const { upload: handle, size } = await upload(body.chunks(), about).catch((error: unknown) => {
      throw body.isTooLarge ? new NotTaken('UPLOAD_TOO_LARGE') : error
    })
    return { upload: await seal.seal(handle, { userId, guildId }), filename, size }
  }

  async function counted<Result>(userId: string, run: () => Promise<Result>): Promise<Result> {
    const before = underWay.get(userId) ?? 0
    if (before >= AT_ONCE_MAX) throw new NotTaken('TOO_MANY_UPLOADS', 1)
    underWay.set(userId, before + 1)
    try {
      return await run()
    } finally {
      const left = (underWay.get(userId) ?? 1) - 1
      if (left > 0) underWay.set(userId, left)
      else underWay.delete(userId)
    }
  }
}

/** @throws {NotTaken} What it may look like is the gateway's to say. */
function filenameOf(query: URLSearchParams): string {
  const [filename = '', ...more] = query.getAll('filename')
  if (filename === '' || more.length > 0 || query.size > 1) throw new NotTaken('BAD_REQUEST')
  return filename
}

/**
 * As many as its length says; what comes in chunks may be as large as any.
 *
 * @throws {NotTaken} for what is too large, or empty, before any of it is read.
 */
function mostBytesOf({ headers }: IncomingMessage): number {
  const bytes = Number(headers['content-length'] ?? UPLOAD_MAX_BYTES)
  if (bytes > UPLOAD_MAX_BYTES) throw new NotTaken('UPLOAD_TOO_LARGE')
  if (bytes === 0) throw new NotTaken('BAD_REQUEST')
  return bytes
}

/** A request's body as it comes, for as long as it is not too large. Whoever stops reading it may still answer. */
class Body {
  readonly #request: IncomingMessage
  isTooLarge = false

  constructor(request: IncomingMessage) {
    this.#request = request
  }

  async *chunks(): AsyncGenerator<Uint8Array> {
    let bytes = 0
    for await (const chunk of this.#request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      bytes += chunk.length
      this.isTooLarge = bytes > UPLOAD_MAX_BYTES
      if (this.isTooLarge) throw new NotTaken('UPLOAD_TOO_LARGE')
      yield chunk
    }
  }
}

function refuse(request: IncomingMessage, response: ServerResponse, { code, retryAfter }: NotTaken): void {
  const { status, message } = refusals[code]
  const headers = {
    ...(code === 'METHOD_NOT_ALLOWED' && { Allow: 'POST' }),
    ...(retryAfter !== undefined && { 'Retry-After': String(Math.ceil(retryAfter)) }),
  }
  answerSending(request, response, status, { error: { code, message } }, headers)
}
