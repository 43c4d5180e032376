import {
  FilenameSchema,
  LinkError,
  UPLOAD_MAX_BYTES,
  UploadedSchema,
  UPLOADS_PATH,
  type Uploaded,
} from '../../types/index.ts'
import { readRefusal } from './refusal.ts'

/** A stream cannot be sent again; the others can. */
export type UploadData = Uint8Array | Blob | ReadableStream<Uint8Array> | AsyncIterable<Uint8Array>

export type UploadOptions = {
  /** What Discord shows: 1 to 260 characters, without slashes. */
  filename: string
  /** As `image/png`. Default: the Blob's, or none that is known. */
  contentType?: string
}

export type UploadCall = UploadOptions & {
  /** The link's: ws: or wss:. */
  url: string
  token: string
  /** Gives it up. */
  signal: AbortSignal
  now: () => number
}

/**
 * Puts a file where commands can name it.
 *
 * @throws {LinkError} The gateway's refusal; BAD_REQUEST or UPLOAD_TOO_LARGE also for what it need not be asked, NOT_CONNECTED where it
 * is not to be reached or the data end in an error, CLOSED.
 */
export async function upload(data: UploadData, call: UploadCall): Promise<Uploaded> {
  const { filename, token, signal, now } = call
  if (!FilenameSchema.safeParse(filename).success)
    throw new LinkError('BAD_REQUEST', 'a filename is 1 to 260 characters, without slashes and control characters')
  if (sizeOf(data) > UPLOAD_MAX_BYTES)
    throw new LinkError('UPLOAD_TOO_LARGE', `an upload has at most ${UPLOAD_MAX_BYTES} bytes`)
  const contentType = call.contentType ?? (data instanceof Blob && data.type !== '' ? data.type : undefined)
  // The DOM's types, which web has, know nothing of what comes bit by bit.
  const init: RequestInit & { duplex: 'half' } = {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': contentType ?? 'application/octet-stream' },
    body: data as NonNullable<RequestInit['body']>,
    duplex: 'half',
    redirect: 'error',
    signal,
  }
  try {
    const response = await fetch(uploadUrl(call), init)
    if (response.status !== 201) throw (await readRefusal(refused(response), now, 'the upload')).error
    return UploadedSchema.parse(await response.json())
  } catch (cause) {
    if (cause instanceof LinkError) throw cause
    if (signal.aborted) throw new LinkError('CLOSED', 'the client was closed')
    throw new LinkError('NOT_CONNECTED', 'the file was not uploaded: the gateway is not to be reached', { cause })
  }
}

/** Beside the link, whatever stands before both. */
function uploadUrl({ url: link, filename }: UploadCall): string {
  const url = new URL(link)
  url.protocol = url.protocol === 'wss:' ? 'https:' : 'http:'
  url.pathname = url.pathname.replace(/\/*$/, UPLOADS_PATH)
  url.search = ''
  url.searchParams.set('filename', filename)
  return url.href
}

function sizeOf(data: UploadData): number {
  if (data instanceof Blob) return data.size
  return data instanceof Uint8Array ? data.byteLength : 0
}

const refused = ({ status, headers, body }: Response) => ({
  status,
  retryAfter: headers.get('retry-after') ?? undefined,
  body: body ?? [],
})
