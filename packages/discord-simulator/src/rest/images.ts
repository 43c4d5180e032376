import { createHash } from 'node:crypto'
import { z } from 'zod'
import { blame } from './form.ts'

const base64 = z.base64()

/** Whether a text is a data URI of such a type, with something in it that can be decoded. */
export function isDataOf(type: RegExp, value: string): boolean {
  const start = value.indexOf(',') + 1
  const data = value.slice(start)
  return type.test(value.slice(0, start)) && data !== '' && base64.safeParse(data).success
}

/** https://docs.discord.com/developers/reference#image-data */
export const image = z
  .string()
  .refine((value) => isDataOf(/^data:image\/[\w.+-]+;base64,$/, value), blame('IMAGE_INVALID', 'Invalid image data'))

/** What stands for an image, `a_` before it if it moves: no image is served under it. */
export function hashOf(data: string): string {
  const hash = createHash('md5').update(data).digest('hex')
  return data.startsWith('data:image/gif') ? `a_${hash}` : hash
}

export const hashed = (data: string | null) => data && hashOf(data)
