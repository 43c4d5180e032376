import type { LinkError } from '@repo/discord-integration/types'

/** By its shape, since a development server may hold the class twice. */
export function isLinkError(error: unknown): error is LinkError {
  return error instanceof Error && error.name === 'LinkError' && 'code' in error
}
