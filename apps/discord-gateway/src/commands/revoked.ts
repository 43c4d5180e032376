import { LinkError } from '@repo/discord-integration/types'

/**
 * Nothing was done, for who asked is not let any more: FORBIDDEN, and retryable, since whoever asks for the same with another token of
 * that name, or with what the token has become, may have it done.
 */
export class Revoked extends LinkError {
  constructor() {
    const message = 'The token was revoked or changed before the command’s turn came: it was not done'
    super('FORBIDDEN', message, { retryable: true })
  }
}

/** @throws {Revoked} it is. */
export function requireUnrevoked(isRevoked: () => boolean): void {
  if (isRevoked()) throw new Revoked()
}
