import { AttachmentFlags } from 'discord-api-types/v10'
import type { APIAttachment } from 'discord-api-types/v10'
import { z } from 'zod'
import type { Reply } from '../http/reply.ts'
import type { Upload } from './body.ts'
import { contentTypeOf } from './content-type.ts'
import { refusal } from './errors.ts'
import { maybe, text } from './form.ts'
import { imageSize } from './image-size.ts'

/** How much of what was uploaded is kept, in bytes. The oldest goes first: a simulator left running must not grow for ever. */
export const FILES_KEPT_BYTES = 64 * 1024 * 1024

/** What a message's body says of its files: https://docs.discord.com/developers/resources/message#attachment-object */
export const attachmentsBody = z
  .array(
    z.looseObject({
      id: z.union([z.string(), z.int().transform(String)]),
      filename: maybe(text(1_024, 1)),
      description: maybe(text(1_024)),
      title: maybe(text(1_024)),
      is_spoiler: maybe(z.boolean()),
      duration_secs: maybe(z.number().min(0)),
      waveform: maybe(text(400)),
    }),
  )
  .max(10)
export type AttachmentsBody = z.infer<typeof attachmentsBody>

/**
 * Refuses what is said of a file that is not there: neither sent along nor, when a message is edited, in it already.
 * https://docs.discord.com/developers/reference#uploading-files
 */
export function checkAttachments(
  said: AttachmentsBody = [],
  uploads: readonly Upload[] = [],
  there: readonly Pick<APIAttachment, 'id'>[] = [],
): void {
  const known = new Set([...uploads.map(({ index }) => index), ...there.map(({ id }) => id)])
  const missing = [...said.entries()].filter(([, { id }]) => !known.has(id))
  if (missing.length === 0) return
  const fault = { code: 'ATTACHMENT_NOT_FOUND', message: 'Attachment data not found' }
  throw refusal.invalidForm(missing.map(([index]) => ({ path: ['attachments', index], ...fault })))
}

/** Discord keeps letters, digits, dots, dashes and underscores of a name. */
const safeName = (name: string) => name.replaceAll(/[^\w.-]+/g, '_') || 'unknown'

/** What a file will be called. */
const nameOf = (upload: Upload, said: AttachmentsBody): string =>
  safeName(said.find(({ id }) => id === upload.index)?.filename ?? upload.name)

/** What all that was sent along will be called. */
export const namesOf = (uploads: readonly Upload[], said: AttachmentsBody = []): string[] =>
  uploads.map((upload) => nameOf(upload, said))

const soundOf = ({ duration_secs, waveform }: AttachmentsBody[number]) => ({
  ...(duration_secs !== undefined && { duration_secs }),
  ...(waveform !== undefined && { waveform }),
})

/** The uploads of all messages, as long as there is room for them. */
export class Files {
  readonly #kept = new Map<string, Upload>()
  readonly #baseUrl: () => string
  readonly #nextId: () => string
  #size = 0

  /** @param baseUrl where {@link answer} is reached */
  constructor(baseUrl: () => string, nextId: () => string) {
    this.#baseUrl = baseUrl
    this.#nextId = nextId
  }

  /**
   * Keeps what was uploaded into a channel, and returns it as its message shows it.
   *
   * @param isVoice whether it is a voice message, of which more is shown
   */
  keep(channelId: string, uploads: readonly Upload[], said: AttachmentsBody = [], isVoice = false): APIAttachment[] {
    const attachments = uploads.map((upload) => {
      const about = said.find(({ id }) => id === upload.index)
      const id = this.#nextId()
      const filename = nameOf(upload, said)
      const type = contentTypeOf(filename)
      const path = `/attachments/${channelId}/${id}/${filename}`
      this.#kept.set(path, upload)
      this.#size += upload.bytes.length
      const url = `${this.#baseUrl()}${path}`
      return {
        id,
        filename,
        size: upload.bytes.length,
        url,
        proxy_url: url,
        ...imageSize(upload.bytes),
        ...(type !== undefined && { content_type: type }),
        ...(about?.description && { description: about.description }),
        ...(about?.title && { title: about.title }),
        ...(isVoice && about && soundOf(about)),
        ...(about?.is_spoiler && { flags: AttachmentFlags.IsSpoiler }),
      }
    })
    this.#forget()
    return attachments
  }

  /** Answers for a file by its path. */
  answer(path: string): Reply {
    const file = this.#kept.get(path)
    if (!file) return { status: 404, text: 'This content is no longer available.' }
    const headers = {
      'Content-Type': contentTypeOf(path) ?? 'application/octet-stream',
      // Whatever was uploaded is never to run as a page of this origin.
      'Content-Security-Policy': "default-src 'none'; sandbox",
      'X-Content-Type-Options': 'nosniff',
    }
    return { status: 200, text: file.bytes, headers }
  }

  #forget(): void {
    for (const [path, { bytes }] of this.#kept) {
      if (this.#size <= FILES_KEPT_BYTES) return
      this.#kept.delete(path)
      this.#size -= bytes.length
    }
  }
}
