export type GuildSummary = {
  id: string
  name: string
  icon: string | null
  /** Null where Discord has not said. */
  memberCount: number | null
  inVoice: number
  /** Discord has an outage there: all that is said of it is the last that was known. */
  unavailable: boolean
}

/**
 * Why something was not done, or that nobody knows whether it was (OUTCOME_UNKNOWN: it may or may not have been). `code` is
 * one of ours, as in `outcomes.ts`, or one of Discord's names; `message` says it to a person; `missing` are the permissions
 * that they lack, by Discord's names (`MoveMembers`); `retryAfter` is in seconds.
 *
 * `kept`: the gateway keeps this answer for the request id. Otherwise this try did nothing, or nobody heard what it did;
 * it says nothing of a try before it, and the same id may be asked for again.
 */
export type Failure = {
  ok: false
  code: string
  message: string
  kept: boolean
  retryAfter?: number
  missing?: string[]
}

/** A file that was uploaded for a message. `upload` names it for 15 minutes, for who uploaded it and in that server alone. */
export type UploadedFile = { upload: string; filename: string; size: number }

/** What became of a file that was to be uploaded. */
export type UploadOutcome = ({ ok: true } & UploadedFile) | Failure

/** What became of a message. */
export type SendOutcome = { ok: true; messageId: string } | Failure

/** What became of what was to be done to a message or a member. */
export type DeedOutcome = { ok: true } | Failure

/** Why somebody may not do something now. `until`: when that ends, in ms since the epoch, where it ends by itself. */
export type Hindrance = { code: string; missing: string[]; until: number | null }

/** What somebody may do in a channel, and of what they may not, why: null means that they may. */
export type ChannelRights = {
  send: Hindrance | null
  reply: Hindrance | null
  attach: Hindrance | null
  react: Hindrance | null
  /** Delete messages that are not their own. */
  manage: Hindrance | null
  /** What the bot wrote, and where it reacted, for them: they may change it where they may write. */
  own: { messages: string[]; reactions: { messageId: string; emoji: string }[] }
}

/** What somebody may do to a member, and why not. */
export type MemberRights = {
  /** Where they are in voice, as far as whoever asks sees, and what was done to them there. */
  voice: { channelId: string; muted: boolean; deafened: boolean } | null
  /** When their timeout ends, in ms since the epoch. */
  timedOutUntil: number | null
  /** To each voice channel that whoever asks sees, by its id. */
  move: { [channelId: string]: Hindrance | null }
  disconnect: Hindrance | null
  mute: Hindrance | null
  deafen: Hindrance | null
  timeout: Hindrance | null
}

export type Identity = {
  /** Null: nobody is signed in. */
  user: { id: string; username: string; avatar: string | null } | null
  demo: boolean
  /** Whether they may open /ops. */
  operator: boolean
}

/** One of the simulated people, and what they are in the servers here: in which `servers`, most of all. */
export type DemoPerson = {
  id: string
  name: string
  standing: 'owner' | 'moderator' | 'member' | 'stranger'
  servers: readonly string[]
  /** What they may do to other members of those. */
  may: readonly ('move' | 'mute' | 'time out')[]
  /** Of the channels of those, how many they see, and may write in. */
  channels: { all: number; seen: number; written: number }
}

export type SignInOptions = {
  /** False: nobody can, for whoever runs this has not said which application of Discord's it is. */
  isSetUp: boolean
  /** Of the demo; else empty. */
  people: readonly DemoPerson[]
}
