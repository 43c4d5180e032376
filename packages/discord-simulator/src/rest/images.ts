import { createHash } from 'node:crypto'
import { z } from 'zod'
import { blame } from './form.ts'

/** https://docs.discord.com/developers/reference#image-data */
export const image = z
  .string()
  .refine((value) => /^data:image\/[\w.+-]+;base64,/.test(value), blame('IMAGE_INVALID', 'Invalid image data'))

/** What stands for an image, `a_` before it if it moves: no image is served under it. */
export function hashOf(data: string): string {
  const hash = createHash('md5').update(data).digest('hex')
  return data.startsWith('data:image/gif') ? `a_${hash}` : hash
}

export const hashed = (data: string | null) => data && hashOf(data)
