import { isThread, sightOf } from '@repo/discord-permissions'
import type { Sight } from '@repo/discord-permissions'
import type { CommandName, CommandPayload, CommandResult } from '@repo/discord-integration/types'
import type { Guild, GuildState } from '@repo/event-feed'
import { ChannelType, GuildMemberFlags, PermissionFlagsBits } from 'discord-api-types/v10'
import type { sendGatewayCommand } from '../init/gateway-client-init.server.ts'
import { isLinkError } from '../is-link-error.ts'
import type { Member, Membership } from '../membership/membership.ts'
import { mentionsOf } from './mentions.ts'
import { needs } from './needs.ts'
import type { Demand, Need } from './needs.ts'
import { Refused } from './refused.ts'
import type { Slowmode, Writer } from './slowmode.ts'
import { isTooNew } from './verification.ts'

const { EmbedLinks } = PermissionFlagsBits

/** Whom automatic moderation lets act no more: https://docs.discord.com/developers/resources/guild#guild-member-object-guild-member-flags */
const QUARANTINED =
  GuildMemberFlags.AutomodQuarantinedUsernameOrGuildNickname | GuildMemberFlags.AutoModQuarantinedGuildTag

export type DeputyOptions = {
  userId: string
  /** The state as it is now. */
  state: () => GuildState
  membership: Pick<Membership, 'memberOf' | 'isInThread'>
  send: typeof sendGatewayCommand
  slowmode: Slowmode
  now?: () => number
}

/** A guild as one person sees it. */
export type Entered = { readonly guild: Guild; readonly sight: Sight; readonly member: Member }

/**
 * The bot, acting for one person: it does for them what they may do themselves, and nothing else. What it asks of the gateway
 * bears their id.
 */
export class Deputy {
  readonly #options: DeputyOptions
  readonly #now: () => number

  constructor(options: DeputyOptions) {
    this.#options = options
    this.#now = options.now ?? Date.now
  }

  /**
   * What they see of a guild; null: they are no member, or there is no such guild.
   *
   * @param channelIds of these, whether they are in it, where it is a private thread.
   * @throws {MembershipUnknown}
   */
  async enter(guildId: string, channelIds: readonly string[] = []): Promise<Entered | null> {
    const entered = await this.#look(guildId)
    if (!entered) return null
    const threads = new Set<string>()
    for (const id of new Set(channelIds)) if (await this.#isInPrivate(entered, id)) threads.add(id)
    // What was asked meanwhile took its time.
    return threads.size === 0 ? entered : await this.#look(guildId, threads)
  }

  /** @throws {MembershipUnknown} */
  async sees(guildId: string, channelId: string): Promise<boolean> {
    const entered = await this.enter(guildId, [channelId])
    return entered !== null && entered.sight.mayView(entered.guild, channelId)
  }

  /**
   * Has the gateway do it, if they may. Where it is a text, it notifies whom they could, and shows what they link to if they
   * could have that shown.
   *
   * @param requestId theirs; the same of somebody else is another.
   * @throws {Refused | MembershipUnknown | LinkError}
   */
  async ask<Name extends CommandName>(
    guildId: string,
    command: Name,
    payload: CommandPayload<Name>,
    requestId?: string,
  ): Promise<{ result: CommandResult<Name>; entered: Entered }> {
    const { userId, send } = this.#options
    const need: Need<Name> | null = needs[command]
    if (need === null) throw new Error(`the bot does ${command} for nobody`)
    const entered = await this.#demand(guildId, need, payload)
    const shaped = isSend(command, payload) ? this.#shaped(entered, payload) : payload
    const ownId = requestId === undefined ? undefined : `${userId}:${requestId}`
    const ask = () => send(command, shaped as CommandPayload<Name>, ownId, userId)
    const writer = isSend(command, payload) ? this.#writer(entered, payload.channel_id, requestId ?? '') : null
    return { result: await (writer ? this.#slowly(writer, ask) : ask()), entered }
  }

  async #demand<Name extends CommandName>(
    guildId: string,
    { kind, demands }: Need<Name>,
    payload: CommandPayload<Name>,
  ): Promise<Entered> {
    const demanded = (guild: Guild) => demands(payload, guild)
    const first = await this.#look(guildId)
    const channels = first ? channelsOf(demanded(first.guild)) : []
    const entered = first && (await this.enter(guildId, channels))
    if (!entered) throw new Refused('NOT_FOUND')
    const { guild, sight, member } = entered
    const all = demanded(guild)
    if (!channelsOf(all).every((id) => sight.mayView(guild, id))) throw new Refused('NOT_FOUND')
    if (kind === 'acts' && sight.until !== null) throw new Refused('TIMED_OUT', this.#after(sight.until))
    if (kind === 'acts' && (isHeldBack(member) || isTooNew(entered, this.#now()))) throw new Refused('HELD_BACK')
    const missing = all.flatMap(({ channelId, permissions }) => {
      const has = channelId === null ? sight.permissions : sight.permissionsIn(guild, channelId)
      return permissions.filter((name) => (has & PermissionFlagsBits[name]) === 0n)
    })
    if (missing.length > 0) throw new Refused('MISSING_PERMISSIONS', { missing: [...new Set(missing)] })
    return entered
  }

  #shaped({ guild, sight }: Entered, payload: CommandPayload<'send_message'>): CommandPayload<'send_message'> {
    const permissions = sight.permissionsIn(guild, payload.channel_id)
    return {
      ...payload,
      allowed_mentions: mentionsOf(payload.content, guild, permissions),
      ...((permissions & EmbedLinks) === 0n && { suppress_embeds: true }),
    }
  }

  #writer({ guild, sight }: Entered, channelId: string, requestId: string): Writer {
    const { channels, threads } = guild.collections
    const channel = channels.get(channelId) ?? threads.get(channelId) ?? {}
    return { userId: this.#options.userId, channel, permissions: sight.permissionsIn(guild, channelId), requestId }
  }

  /** As if it were written when it is asked for: whoever asks for many at once gets one. */
  async #slowly<T>(writer: Writer, ask: () => Promise<T>): Promise<T> {
    const { slowmode } = this.#options
    const retryAfter = slowmode.waitOf(writer)
    if (retryAfter !== null) throw new Refused('SLOWMODE', { retryAfter })
    const takeBack = slowmode.wrote(writer)
    try {
      return await ask()
    } catch (error) {
      if (isLinkError(error) && error.retryable) takeBack()
      throw error
    }
  }

  async #look(guildId: string, threads: ReadonlySet<string> = new Set()): Promise<Entered | null> {
    const { userId, membership, state } = this.#options
    const member = await membership.memberOf(guildId, userId)
    const guild = state().get(guildId)
    const sight = guild && sightOf({ userId, member, threads }, guild, this.#now())
    return guild && sight && member ? { guild, sight, member } : null
  }

  /** Asked only where it makes a difference. */
  async #isInPrivate({ guild, sight, member }: Entered, channelId: string): Promise<boolean> {
    const { userId, membership } = this.#options
    const thread = guild.collections.threads.get(channelId)
    if (thread?.['type'] !== ChannelType.PrivateThread || !isThread(thread)) return false
    if (sight.mayView(guild, channelId)) return false
    const within = sightOf({ userId, member, threads: new Set([channelId]) }, guild, this.#now())
    if (!within?.mayView(guild, channelId)) return false
    return await membership.isInThread(guild.id, channelId, userId)
  }

  #after(until: number): { retryAfter?: number } {
    return Number.isFinite(until) ? { retryAfter: Math.ceil((until - this.#now()) / 1_000) } : {}
  }
}

const channelsOf = (demands: readonly Demand[]): string[] =>
  demands.flatMap(({ channelId }) => (channelId === null ? [] : [channelId]))

function isSend(command: CommandName, _payload: unknown): _payload is CommandPayload<'send_message'> {
  return command === 'send_message'
}

/** Who has not passed the server's screening, or whom automatic moderation keeps from acting. What is no flags is none. */
function isHeldBack({ pending, flags }: Member): boolean {
  if (pending === true) return true
  return flags !== undefined && flags !== null && (typeof flags !== 'number' || (flags & QUARANTINED) !== 0)
}
