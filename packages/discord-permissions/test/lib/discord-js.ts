import { ChannelType, PermissionFlagsBits as P } from 'discord-api-types/v10'
import { Client, Guild, GuildChannel, PermissionsBitField, ThreadChannel } from 'discord.js'
import type { GuildMember } from 'discord.js'
import type { JsonObject } from '../../src/index.ts'

/** No network: nothing is logged in, and the objects are made from what the gateway would have said. */
const client = new Client({ intents: [] })

const VOICE: ReadonlySet<ChannelType> = new Set([ChannelType.GuildVoice, ChannelType.GuildStageVoice])

/**
 * A guild's permissions by discord.js, which shares no code and no author with ours.
 *
 * It leaves to its users what the documentation adds to its own pseudocode, so that is put on top of what it says by the
 * documentation's words alone: implicit denials, timeouts, private threads and SEND_MESSAGES_IN_THREADS. It also lets
 * overwrites change permissions of the guild as a whole.
 */
export class DiscordJs {
  readonly #guild: Guild
  readonly #now: number

  constructor(payload: JsonObject & { readonly id: string }, now: number) {
    // What it knows by id it keeps, with the guild that it first came from.
    client.channels.cache.clear()
    client.users.cache.clear()
    this.#guild = Reflect.construct(Guild, [client, structuredClone(payload)])
    this.#now = now
    client.guilds.cache.set(payload.id, this.#guild)
  }

  /** What a member may do in the guild as a whole. */
  everywhere(userId: string): bigint {
    const member = this.#member(userId)
    if (this.#isAll(member)) return PermissionsBitField.All
    const base = member.permissions.bitfield
    return this.#isTimedOut(member) ? base & (P.ViewChannel | P.ReadMessageHistory) : base
  }

  in(userId: string, channelId: string, { isThreadMember = false } = {}): bigint {
    const member = this.#member(userId)
    const place = this.#guild.channels.cache.get(channelId)
    if (place instanceof ThreadChannel) return this.#inThread(member, place, isThreadMember)
    if (!(place instanceof GuildChannel)) throw new Error(`discord.js has not taken the channel ${channelId}`)
    return this.#documented(member, member.permissionsIn(place), { isVoice: VOICE.has(place.type) })
  }

  #inThread(member: GuildMember, thread: ThreadChannel, isThreadMember: boolean): bigint {
    const said = thread.permissionsFor(member)
    const manages = said.has(P.ManageThreads, false) && !this.#isTimedOut(member)
    const isOpen = thread.type !== ChannelType.PrivateThread || isThreadMember || manages || this.#isAll(member)
    return isOpen ? this.#documented(member, said, { isThread: true }) : 0n
  }

  /** In the documentation's own order: https://docs.discord.com/developers/topics/permissions */
  #documented(member: GuildMember, said: PermissionsBitField, { isVoice = false, isThread = false }): bigint {
    if (this.#isAll(member)) return said.bitfield
    const has = (bit: bigint) => said.has(bit, false)
    if (!has(P.ViewChannel)) return 0n
    if (isVoice && !has(P.Connect)) return P.ViewChannel
    const left = new PermissionsBitField(said.bitfield)
    if (isThread) left.remove(P.SendMessages)
    if (!has(isThread ? P.SendMessagesInThreads : P.SendMessages)) {
      left.remove(P.MentionEveryone, P.SendTTSMessages, P.AttachFiles, P.EmbedLinks)
    }
    return this.#isTimedOut(member) ? left.bitfield & (P.ViewChannel | P.ReadMessageHistory) : left.bitfield
  }

  #member(userId: string): GuildMember {
    const member = this.#guild.members.cache.get(userId)
    if (!member) throw new Error(`discord.js has not taken the member ${userId}`)
    return member
  }

  #isAll(member: GuildMember): boolean {
    return member.permissions.has(P.Administrator) || this.#guild.ownerId === member.id
  }

  #isTimedOut({ communicationDisabledUntilTimestamp: until }: GuildMember): boolean {
    return until !== null && until > this.#now
  }
}
