const MIB = 1024 * 1024

/** The bounds of uploads. docs/PROTOCOL.md shows them. */
export const uploadLimits = {
  /** Time to send the command that names it, and to send that again. */
  keptMs: 15 * 60_000,
  /** Of one backend, kept or under way: what would fill the disk is a mistake, or meant to. */
  ofBackendMaxBytes: 256 * MIB,
  /** The same as files: small ones take room too. */
  ofBackendMax: 1_000,
  /** Of all backends. */
  allMaxBytes: 1024 * MIB,
  /** Of one token, under way. */
  atOnceMax: 8,
  /** Between two parts of a body. */
  stalledMs: 10_000,
  /** For the whole of it. */
  wholeMaxMs: 5 * 60_000,
} as const

export type UploadLimits = { [Name in keyof typeof uploadLimits]: number }
