import type { TextParts } from '../../src/index.ts'

/** All pieces of a text. */
export const textOf = (parts: TextParts): string =>
  parts.map((part) => (typeof part === 'string' ? part : part.text)).join('')
