export type GuildSummary = {
  id: string
  name: string
  icon: string | null
  /** Null where Discord has not said. */
  memberCount: number | null
  inVoice: number
}

/**
 * What became of a message. `code` is MISSING_PERMISSIONS, UNKNOWN_CHANNEL, GATEWAY_AWAY (nothing was sent),
 * OUTCOME_UNKNOWN (it may or may not have been), RATE_LIMITED, INVALID_PAYLOAD, DISCORD_UNAVAILABLE, or another of
 * Discord's names; `message` says it to a person; `retryAfter` is in seconds.
 *
 * `kept`: the gateway keeps this answer for the request id. Otherwise this try did nothing, or nobody heard what it did;
 * it says nothing of a try before it, and the same id may be asked for again.
 */
export type SendOutcome =
  { ok: true; messageId: string } | { ok: false; code: string; message: string; kept: boolean; retryAfter?: number }

export type Identity = {
  /** Null: nobody is signed in. */
  user: { id: string; username: string; avatar: string | null } | null
  demo: boolean
}

/** One of the simulated people, and what they are in the servers here: in which `servers`, most of all. */
export type DemoPerson = {
  id: string
  name: string
  standing: 'owner' | 'moderator' | 'member' | 'stranger'
  servers: readonly string[]
}

export type SignInOptions = {
  /** False: nobody can, for whoever runs this has not said which application of Discord's it is. */
  isSetUp: boolean
  /** Of the demo; else empty. */
  people: readonly DemoPerson[]
}
