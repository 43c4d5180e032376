/** Version 1 is the four messages; version 2 adds `sync`. */
export type LinkVersion = 1 | 2

/** A backend, as its token says who it is. */
export type Backend = {
  /** The token's hash: what request ids are kept under. It never leaves the process. */
  id: string
  /** How the log calls it: the token's place in LINK_TOKEN. */
  name: string
}

/** Who asks for a command, and by which id it is to be done once. */
export type CommandOrigin = {
  backend: Backend
  version: LinkVersion
  requestId?: string | undefined
}

/**
 * Carries out a command and resolves to its result.
 *
 * @throws {LinkError} what the backend is answered.
 */
export type RunCommand = (command: string, payload: unknown, origin: CommandOrigin) => Promise<unknown>
