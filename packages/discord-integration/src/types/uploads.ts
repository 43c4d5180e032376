import { z } from 'zod'
import { FilenameSchema, UploadSchema } from './commands/fields.ts'

export { FilenameSchema, UploadSchema } from './commands/fields.ts'

/** Where the gateway takes files, beside the link. */
export const UPLOADS_PATH = '/uploads'

/** Discord's default for a file: https://docs.discord.com/developers/reference#uploading-files */
export const UPLOAD_MAX_BYTES = 10 * 1024 * 1024

/** What an upload is answered with. */
export const UploadedSchema = z.object({
  /** What commands name it by. */
  upload: UploadSchema,
  filename: FilenameSchema,
  /** In bytes. */
  size: z.int().min(1),
  content_type: z.string(),
  /** From when on no command may name it any more, in ms since the epoch. */
  expires_at: z.int(),
})
export type Uploaded = z.output<typeof UploadedSchema>
