import type { IncomingMessage } from 'node:http'
import { MIMEType } from 'node:util'
import { FilenameSchema, LinkError, UPLOAD_MAX_BYTES } from '@repo/discord-integration/types'
import type { NewUpload } from './upload-store.ts'

/** Of what nobody said what it is. */
const UNKNOWN_TYPE = 'application/octet-stream'

const TYPE_MAX_CHARS = 255

/** What a decoder puts in place of bytes that are no UTF-8. */
const NO_UTF8 = '\uFFFD'

/**
 * Reads what an upload says of itself before its body.
 *
 * @throws {LinkError} BAD_REQUEST or UPLOAD_TOO_LARGE.
 */
export function readUploadRequest({
  url,
  headers,
}: Pick<IncomingMessage, 'url' | 'headers'>): Omit<NewUpload, 'backendId'> {
  const size = headers['content-length'] === undefined ? undefined : Number(headers['content-length'])
  if (size !== undefined && size > UPLOAD_MAX_BYTES)
    throw new LinkError('UPLOAD_TOO_LARGE', `an upload has at most ${UPLOAD_MAX_BYTES} bytes`)
  return { filename: readFilename(url ?? ''), contentType: readType(headers['content-type']), size }
}

function readFilename(url: string): string {
  const parameters = URL.parse(url, 'http://gateway')?.searchParams ?? new URLSearchParams()
  const unknown = [...parameters.keys()].find((name) => name !== 'filename')
  if (unknown !== undefined) throw new LinkError('BAD_REQUEST', 'the query has filename, and nothing else')
  const [name = '', ...more] = parameters.getAll('filename')
  if (more.length > 0) throw new LinkError('BAD_REQUEST', 'filename: given twice')
  const { success } = FilenameSchema.safeParse(name)
  if (success && !name.includes(NO_UTF8)) return name
  const expected = '1 to 260 characters as percent-encoded UTF-8, without slashes and control characters'
  throw new LinkError('BAD_REQUEST', `filename: expected ${expected}`)
}

function readType(header: string | undefined): string {
  if (header === undefined) return UNKNOWN_TYPE
  const type = mimeType(header)
  if (type === null || header.length > TYPE_MAX_CHARS)
    throw new LinkError('BAD_REQUEST', 'Content-Type: expected the type of the file, as image/png')
  if (type.essence === 'multipart/form-data')
    throw new LinkError('BAD_REQUEST', 'Content-Type: the body is the file itself, and no form')
  return String(type)
}

function mimeType(text: string): MIMEType | null {
  try {
    return new MIMEType(text)
  } catch {
    return null
  }
}
