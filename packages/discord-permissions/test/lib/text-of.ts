import type { SharedPart } from '../../src/index.ts'

/** All pieces of a text. */
export const textOf = (parts: readonly (string | SharedPart)[]): string =>
  parts.map((part) => (typeof part === 'string' ? part : part.text)).join('')
