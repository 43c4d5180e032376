import type { User } from '../world/types.ts'

/** https://docs.discord.com/developers/resources/invite#invite-object and its metadata */
export interface Invite {
  code: string
  guild_id: string
  channel_id: string
  inviter: User
  max_age: number
  max_uses: number
  temporary: boolean
  uses: number
  created_at: string
  expires_at: string | null
}

/**
 * What Discord remembers and tells in no dispatch, so that the world does not know it: when messages were pinned, why
 * people were banned.
 */
export class Records {
  /** By message id, when it was pinned, as Discord writes moments. */
  readonly pinnedAt = new Map<string, string>()
  /** By `guild/user`, the reason that was given. */
  readonly banReasons = new Map<string, string>()
  /** By code. */
  readonly invites = new Map<string, Invite>()
}
