import { LinkError } from '@repo/discord-integration/types'

/** @throws {LinkError} FORBIDDEN, retryable: another token of that name may have it done. */
export function requireUnrevoked(isRevoked: () => boolean): void {
  if (!isRevoked()) return
  const message = 'The token was revoked or changed before the command’s turn came: it was not done'
  throw new LinkError('FORBIDDEN', message, { retryable: true })
}
