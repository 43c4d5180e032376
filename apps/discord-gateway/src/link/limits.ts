import { MAX_COMMAND_BYTES } from '@repo/discord-integration/types'

/** The link's bounds. docs/PROTOCOL.md shows those that a backend meets. */
export const linkLimits = {
  /** Discord's largest message and its embeds fit many times over; files do not travel here. */
  messageMaxBytes: MAX_COMMAND_BYTES,
  /** Shorter than the 30 to 60 s after which proxies drop an idle connection. */
  pingIntervalMs: 15_000,
  /** One may be late behind a burst; two in a row are a peer that is gone. */
  missedPingsMax: 2,
  /** More than Discord's 50 requests a second, so a healthy backend never meets it. */
  commandsInFlightMax: 64,
  /**
   * Of one token that says nothing else: more than any one web has copies, and few enough that a leaked token or a client that
   * reconnects in circles takes no more than some 100 MiB.
   */
  connectionsPerTokenMax: 128,
  /** Of one connection, asked for and not come yet; of more than these the oldest are not waited for. */
  chunkNoncesMax: 64,
  /** In a row. A bug in one command stays an answered bug; a client that speaks another protocol is sent away. */
  badMessagesMax: 64,
  /** What a socket holds before its backend's cursor waits: a few ticks of a busy bot, and little times many backends. */
  highWaterBytes: 256 * 1024,
  /** Answers not yet taken by the backend's end; beyond it, its commands are no longer read. */
  answersMaxBytes: 1024 * 1024,
  /** What may pile up behind `broadcast`, which does not wait: beyond it the connection is cut. */
  backlogMaxBytes: 16 * 1024 * 1024,
  /** How long a backend may take to answer a closing frame. */
  closeGraceMs: 1_000,
  /** Between the backends that are told to come back when the gateway ends: they come as they went. */
  closeEveryMs: 20,
  /** For all of them: the whole end has 5 s, of which commands in flight may take half. */
  closeAllWithinMs: 500,
  /** How long commands in flight may take when the gateway is to end. */
  lastCommandsMaxMs: 2_500,
} as const

export type LinkLimits = { [Name in keyof typeof linkLimits]: number }
