import { GatewayIntentBits, GatewayOpcodes } from 'discord-api-types/v10'
import type { GatewayGuildMembersChunkDispatchData } from 'discord-api-types/v10'
import type { z } from 'zod'
import type { Guild, Member } from '../../world/types.ts'
import { guildsOf } from '../../world/world.ts'
import type { requestGuildMembers } from '../frames.ts'
import type { RequestContext } from './request.ts'

/** The most members that a chunk holds, that a prefix finds, and that may be asked for by id. */
const CHUNK_MEMBERS = 1_000
const FOUND_MEMBERS = 100

/** The longest nonce, in bytes. A longer one is ignored. */
const NONCE_BYTES = 32

/** How often all members of a guild may be asked for. */
export const ALL_MEMBERS_WINDOW_MS = 30_000

type Wanted = z.infer<typeof requestGuildMembers>

const many = (one: string | string[]): string[] => (Array.isArray(one) ? one : [one])

function startsWith(member: Member, prefix: string): boolean {
  const names = [member.user.username, member.user.global_name ?? '', member.nick ?? '']
  return names.some((name) => name.toLowerCase().startsWith(prefix.toLowerCase()))
}

/** The members who are asked for, and the ids that are nobody's. */
function find(guild: Guild, { user_ids, query = '', limit = 0 }: Wanted) {
  if (user_ids !== undefined) {
    const ids = many(user_ids).slice(0, FOUND_MEMBERS)
    const members = guild.members.filter((member) => ids.includes(member.user.id))
    return { members, not_found: ids.filter((id) => !members.some((member) => member.user.id === id)) }
  }
  if (query === '' && limit === 0) return { members: guild.members }
  const most = limit === 0 ? FOUND_MEMBERS : Math.min(limit, FOUND_MEMBERS)
  return { members: guild.members.filter((member) => startsWith(member, query)).slice(0, most) }
}

function chunksOf(members: readonly Member[]): Member[][] {
  const count = Math.max(1, Math.ceil(members.length / CHUNK_MEMBERS))
  return Array.from({ length: count }, (_, index) => members.slice(index * CHUNK_MEMBERS, (index + 1) * CHUNK_MEMBERS))
}

/**
 * Op 8, answered with GUILD_MEMBERS_CHUNK: by prefix, by ids, or all.
 * https://docs.discord.com/developers/events/gateway-events#request-guild-members
 */
export class MemberRequests {
  /** When all members of a guild may be asked for again. */
  readonly #freeAt = new Map<string, number>()

  answer(context: RequestContext, d: Wanted): void {
    const { world, session, reply } = context
    // A list of guilds is a relic: only one is answered.
    const guild = guildsOf(world, session.shard).find(({ id }) => id === many(d.guild_id)[0])
    if (!guild) return
    const nonce = d.nonce !== undefined && Buffer.byteLength(d.nonce) <= NONCE_BYTES ? { nonce: d.nonce } : {}
    const lists = d.user_ids === undefined && (d.query ?? '') === ''
    // The list, whole or in part, is only for who has the members intent.
    if (lists && !(session.intents & GatewayIntentBits.GuildMembers)) return
    const retryMs = lists && !d.limit ? this.#wait(context, guild.id) : 0
    if (retryMs > 0) {
      const meta = { guild_id: guild.id, ...nonce }
      return reply('RATE_LIMITED', { opcode: GatewayOpcodes.RequestGuildMembers, retry_after: retryMs / 1_000, meta })
    }

    const { members, not_found } = find(guild, d)
    const shows = d.presences === true && (session.intents & GatewayIntentBits.GuildPresences) !== 0
    const chunks = chunksOf(members)
    for (const [chunk_index, chunk] of chunks.entries()) {
      const ids = new Set(chunk.map((member) => member.user.id))
      const presences = guild.presences.filter((presence) => ids.has(presence.user.id))
      const payload: GatewayGuildMembersChunkDispatchData = {
        guild_id: guild.id,
        members: chunk,
        chunk_index,
        chunk_count: chunks.length,
        ...(not_found?.length && { not_found }),
        ...(shows && { presences }),
        ...nonce,
      }
      reply('GUILD_MEMBERS_CHUNK', payload)
    }
  }

  /** How long to wait, in ms; 0, and the window begins, if not at all. */
  #wait({ world }: RequestContext, guildId: string): number {
    const now = world.clock.now()
    const freeAt = this.#freeAt.get(guildId) ?? -Infinity
    if (now < freeAt) return freeAt - now
    this.#freeAt.set(guildId, now + ALL_MEMBERS_WINDOW_MS)
    return 0
  }
}
