import type { Scopes } from './tokens/scopes.ts'

/** Version 1 is the four messages; version 2 adds `sync`. */
export type LinkVersion = 1 | 2

/** A backend, as its token says who it is. */
export type Backend = {
  /** What request ids are kept under: the same for all tokens of a name, and for all of LINK_TOKEN. It never leaves the process. */
  id: string
  /** How the log calls it: the token's name, or its place in LINK_TOKEN. */
  name: string
  /** How far it reaches. */
  scopes: Scopes
}

/** Who asks for a command, and by which id it is to be done once. */
export type CommandOrigin = {
  backend: Backend
  version: LinkVersion
  requestId?: string | undefined
  /** The user whom the backend does it for, as it says. */
  actor?: string | undefined
  /** The connection that asks, as figures tell it from others. */
  consumerId?: number | undefined
  /** When it was taken, in ms since the epoch: from then its deadline runs. Default: when it is run. */
  begunAt?: number
  /** While Discord is asked where it is, and nothing of it is begun: who ends this sees to it that nothing will be. */
  asking?: AbortController
  /** From now on the connection that asks gets the member chunks with that nonce: they are nobody else's. */
  expectChunks?: (nonce: string) => void
  /** Whether the token was revoked since, or changed: what is not begun yet is not begun any more. */
  isRevoked?: () => boolean
}

/**
 * Carries out a command and resolves to its result.
 *
 * @throws {LinkError} what the backend is answered.
 */
export type RunCommand = (command: string, payload: unknown, origin: CommandOrigin) => Promise<unknown>

/** What became of a command that was asked for before, by the same request; null where it was not. */
export type AnswerAgain = (command: string, payload: unknown, origin: CommandOrigin) => Promise<unknown> | null
