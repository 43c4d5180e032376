import { randomBytes } from 'node:crypto'
import { openAsBlob } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { LinkError, type ErrorIssue } from '@repo/discord-integration/types'
import { refusalOf } from '../issues.ts'
import type { Upload } from '../uploads/upload-store.ts'

/** An upload of the backend that asks; null for a handle that is none. */
export type FindUpload = (handle: string) => Upload | null

/** A file of a payload: `FilesSchema`, `FormFileSchema`. */
type NamedFile = { upload: string; filename?: string; description?: string; is_spoiler?: boolean }

type Fields = Record<string, unknown>

/** A file on its way to Discord, and the name of its part in a form. It is read from the disk as it is sent. */
export type SentFile = { part: string; name: string; blob: Blob }

/** What a payload is once its uploads are there. Pictures are in memory until it is disposed of. */
export type Loaded<Input> = {
  input: Input & { attachments?: unknown[] }
  files: readonly SentFile[]
  /** Whether they are added to whatever a message has: twice is then not as once. */
  adds: boolean
} & Disposable

export type LoadOptions = {
  /** Whether a message is changed, which may have files already. */
  edits?: boolean
  /** Fields that are a file each, and a part of that name in a form. */
  parts?: readonly string[]
  /** Where in the payload these stand: `form.`. */
  at?: string
}

/** Pictures stand in a body as text, of four bytes for three. Of all commands at once: what is more is asked for again. */
const PICTURES_MAX_BYTES = 64 * 1024 * 1024
let pictureBytes = 0

/**
 * A payload with its uploads: `files` at its root, or in its `message`, become attachments, and fields `{ upload }` become image
 * data. Of the files that a message has, an edit lets stay what `attachments` names, and all where there is no such list.
 * Fields that are `parts` of a form are no more among the others.
 *
 * https://docs.discord.com/developers/reference#uploading-files
 *
 * @throws {LinkError} UNKNOWN_UPLOAD, INVALID_PAYLOAD, or RATE_LIMITED while too many pictures are on their way.
 */
export async function loadUploads<Input extends object>(
  input: Input,
  find: FindUpload,
  { edits = false, parts = [], at: within = '' }: LoadOptions = {},
): Promise<Loaded<Input>> {
  const issues: ErrorIssue[] = []
  const found = (handle: string, path: string): Upload[] => {
    const upload = find(handle)
    if (!upload) issues.push({ path: `data.payload.${path}.upload`, message: 'no upload, or past its time' })
    return upload ? [upload] : []
  }
  const attached: { part: string; name: string; upload: Upload }[] = []
  let adds = false
  const attach = (fields: Fields, at: string): Fields => {
    const { files, ...others } = fields
    if (!isFiles(files)) return fields
    const said = files.map(({ upload: handle, filename, ...about }, index) => {
      const id = attached.length
      const [upload] = found(handle, `${at}files.${index}`)
      const name = filename ?? upload?.filename ?? ''
      if (upload) attached.push({ part: `files[${id}]`, name, upload })
      return { id, filename: name, ...about }
    })
    const { attachments } = others
    if (Array.isArray(attachments)) return { ...others, attachments: [...(attachments as unknown[]), ...said] }
    if (!edits) return { ...others, attachments: said }
    // A list of the new ones alone would remove those that there are.
    const isMore = files.some(({ description, is_spoiler }) => description !== undefined || is_spoiler !== undefined)
    if (isMore) throw invalid(`${at}attachments`, 'expected the attachments that stay, where new ones are described')
    adds = true
    return others
  }

  const all = { ...input } as Fields
  const formed = parts.flatMap((part) => {
    const { [part]: file } = all
    delete all[part]
    if (!isNamed(file)) return []
    const { upload: handle, filename }: NamedFile = file
    return found(handle, `${within}${part}`).map((upload) => ({ part, name: filename ?? upload.filename, upload }))
  })
  const fields = attach(all, '')
  if (isObject(fields['message'])) fields['message'] = attach({ ...fields['message'] }, 'message.')
  const pictures = Object.entries(fields).flatMap(([field, value]) =>
    isPicture(value) ? found(value.upload, field).map((upload) => ({ field, upload })) : [],
  )
  if (issues.length > 0) throw refusalOf('UNKNOWN_UPLOAD', 'No such upload', issues)

  const files = await Promise.all([
    ...attached.map(async ({ upload, ...file }) => ({ ...file, blob: await blobOf(upload) })),
    ...formed.map(async ({ upload, ...file }) => ({ ...file, blob: await asItBegins(await blobOf(upload)) })),
  ])
  const held = await putIn(fields, pictures)
  return { files, adds, input: fields as Loaded<Input>['input'], [Symbol.dispose]: () => held[Symbol.dispose]() }
}

/** Writes pictures into their fields, and lets others have the memory when it is disposed of. */
async function putIn(fields: Fields, pictures: readonly { field: string; upload: Upload }[]): Promise<Disposable> {
  const bytes = pictures.reduce((sum, { upload }) => sum + upload.size, 0)
  if (bytes > 0 && pictureBytes + bytes > PICTURES_MAX_BYTES) {
    throw new LinkError('RATE_LIMITED', 'Too many pictures are on their way to Discord', { retryAfter: 1 })
  }
  pictureBytes += bytes
  const held = { [Symbol.dispose]: () => void (pictureBytes -= bytes) }
  try {
    for (const { field, upload } of pictures) fields[field] = await imageData(field, upload)
    return held
  } catch (error) {
    held[Symbol.dispose]()
    throw error
  }
}

const blobOf = ({ path, contentType }: Upload): Promise<Blob> => openAsBlob(path, { type: contentType })

/**
 * A body as @discordjs/rest takes it: with files, a form, of which they are parts; and so are its fields, where it is `asFields`,
 * but for those that are null: a part has text, and cannot say so.
 *
 * It is one blob, which is read from the disk as it is sent, and can be sent again. A FormData is not: Node reads all of one
 * into memory at once, and one that is given up meanwhile, as Discord answers early, is an error that nobody can catch.
 */
export function bodyWith(
  body: unknown,
  files: readonly SentFile[],
  asFields = false,
): { body?: unknown; passThroughBody?: boolean } {
  if (files.length === 0) return body === undefined ? {} : { body }
  // A blob's type is in small letters, whatever it is given.
  const boundary = `form-${randomBytes(16).toString('hex')}`
  const part = (name: string, content: string | Blob, more = '') => [
    `--${boundary}\r\nContent-Disposition: form-data; name="${escaped(name)}"${more}\r\n\r\n`,
    content,
    '\r\n',
  ]
  const all = Object.entries<unknown>(asFields ? { ...(body as object) } : { payload_json: body ?? {} })
  const fields = all.filter(([, value]) => value !== null)
  const parts = [
    ...fields.map(([name, value]) => part(name, typeof value === 'string' ? value : JSON.stringify(value))),
    ...files.map(({ part: named, name, blob }) =>
      part(named, blob, `; filename="${escaped(name)}"\r\nContent-Type: ${blob.type || 'application/octet-stream'}`),
    ),
  ]
  const form = new Blob([...parts.flat(), `--${boundary}--\r\n`], { type: `multipart/form-data; boundary=${boundary}` })
  return { body: form, passThroughBody: true }
}

/** https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#multipart-form-data */
const escaped = (name: string): string => name.replaceAll('\n', '%0A').replaceAll('\r', '%0D').replaceAll('"', '%22')

/** By how its first bytes begin, as https://mimesniff.spec.whatwg.org/#matching-an-image-type-pattern has it; and AVIF. */
const SIGNATURES: readonly (readonly [type: string, begins: RegExp])[] = [
  // oxlint-disable-next-line no-control-regex
  ['image/png', /^\x89PNG\r\n\x1a\n/],
  ['image/jpeg', /^\xff\xd8\xff/],
  ['image/gif', /^GIF8[79]a/],
  ['image/webp', /^RIFF[^]{4}WEBP/],
  ['image/avif', /^[^]{4}ftypavi[fs]/],
]

const pictureType = (begin: string) => SIGNATURES.find(([, begins]) => begins.test(begin))?.[0]

/** An object, behind a mark of byte order where there is one. */
const JSON_BEGINS = /^(?:\xef\xbb\xbf)?[ \t\r\n]*\{/

/** What begins as JSON is that where nobody has said that it is something else: text may begin so too. */
const MAY_BE_JSON = /^(?:application\/(?:octet-stream|json)(?:;.*)?)?$/

/**
 * With the type that its first bytes say, where they do: Discord takes a sticker by its type, and takes it neither as image/apng
 * nor without one. https://github.com/discordjs/discord.js/issues/8557
 */
async function asItBegins(blob: Blob): Promise<Blob> {
  const begin = Buffer.from(await blob.slice(0, 64).arrayBuffer()).toString('latin1')
  const isJson = MAY_BE_JSON.test(blob.type) && JSON_BEGINS.test(begin)
  return blob.slice(0, blob.size, pictureType(begin) ?? (isJson ? 'application/json' : blob.type))
}

/**
 * https://docs.discord.com/developers/reference#image-data. The type is what the bytes say: who uploads may not have said one.
 */
async function imageData(field: string, { path }: Upload): Promise<string> {
  const bytes = await readFile(path)
  const type = pictureType(bytes.toString('latin1', 0, 12))
  if (type === undefined) throw invalid(field, 'expected an upload that is a PNG, JPEG, GIF, WebP or AVIF')
  return `data:${type};base64,${bytes.toString('base64')}`
}

function invalid(path: string, message: string): LinkError {
  return refusalOf('INVALID_PAYLOAD', 'Not such a payload', [{ path: `data.payload.${path}`, message }])
}

const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isNamed = (value: unknown): value is { upload: string } => isObject(value) && typeof value['upload'] === 'string'

const isFiles = (value: unknown): value is NamedFile[] => Array.isArray(value) && value.every(isNamed)

const isPicture = (value: unknown): value is { upload: string } => isNamed(value) && Object.keys(value).length === 1
