import type { IncomingMessage } from 'node:http'
import { parseJson, readBody } from '../http/body.ts'
import { refusal } from './errors.ts'

/** A file as it came. */
export interface Upload {
  /** The form field that it came in: `files[0]`, or `file` of a sticker. */
  field: string
  /** The n of `files[n]`, which is what `attachments` call it by. */
  index: string
  name: string
  bytes: Buffer
}

export interface ReadBody {
  body: unknown
  files: readonly Upload[]
}

/** How many files a message may have: https://docs.discord.com/developers/resources/message#create-message */
export const MAX_FILES = 10

const wrongType = (expected: string) =>
  refusal.invalidForm([
    { path: [], code: 'CONTENT_TYPE_INVALID', message: `Expected "Content-Type" header to be ${expected}.` },
  ])

function parse(text: Uint8Array | string): unknown {
  try {
    return parseJson(text)
  } catch {
    throw refusal.invalidJson()
  }
}

/** https://docs.discord.com/developers/reference#uploading-files */
async function readForm(bytes: Buffer, type: string): Promise<ReadBody> {
  let form: FormData
  try {
    form = await new Response(new Uint8Array(bytes), { headers: { 'content-type': type } }).formData()
  } catch {
    throw wrongType('one of application/json, multipart/form-data')
  }
  const fields: Record<string, unknown> = {}
  const files: Upload[] = []
  for (const [name, value] of form) {
    if (typeof value === 'string') fields[name] = value
    else {
      const index = /^files\[(\d+)\]$/.exec(name)?.[1] ?? String(files.length)
      files.push({ field: name, index, name: value.name, bytes: Buffer.from(await value.arrayBuffer()) })
    }
  }
  if (files.length > MAX_FILES) throw refusal.tooManyFiles()
  const { payload_json, ...rest } = fields
  return { body: typeof payload_json === 'string' ? parse(payload_json) : rest, files }
}

/** Reads what came with a request: JSON, or a form with files. */
export async function readRequest(request: IncomingMessage): Promise<ReadBody> {
  const bytes = await readBody(request)
  if (bytes.length === 0) return { body: undefined, files: [] }
  const type = request.headers['content-type'] ?? ''
  if (/^(multipart\/form-data|application\/x-www-form-urlencoded)\b/i.test(type)) return readForm(bytes, type)
  if (!/^application\/json\b/i.test(type)) throw wrongType('application/json')
  return { body: parse(bytes), files: [] }
}
