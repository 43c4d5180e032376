import { isThread, sightOf } from '@repo/discord-permissions'
import type { CommandName, CommandPayload, CommandResult } from '@repo/discord-integration/types'
import type { GuildState } from '@repo/event-feed'
import { ChannelType, GuildMemberFlags, MessageFlags, PermissionFlagsBits } from 'discord-api-types/v10'
import type { sendGatewayCommand } from '../init/gateway-client-init.server.ts'
import { isLinkError } from '../is-link-error.ts'
import type { Member, Membership } from '../membership/membership.ts'
import { mentionsOf } from './mentions.ts'
import type { Ledger, Own } from './ledger.ts'
import { botHindrance } from './bot-hindrance.ts'
import { lacking, needs } from './needs.ts'
import type { About, Demand, Entered, Need } from './needs.ts'
import { outranks } from './rank.ts'
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
  /** The bot's user id, where its member in the state is current. */
  botId: () => string | null
  send: typeof sendGatewayCommand
  slowmode: Slowmode
  ledger: Pick<Ledger, 'wrote' | 'reacted' | 'unreacted' | 'hasWritten' | 'hasReacted' | 'ofChannel'>
  now?: () => number
}

export type { Entered } from './needs.ts'

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
   * Has the gateway do it, if they may.
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
    const { entered } = await this.#demand(guildId, needOf(command), payload)
    const shaped = this.#shaped(entered, command, payload)
    const ownId = requestId === undefined ? undefined : `${userId}:${requestId}`
    const ask = () => send(command, shaped, ownId, userId)
    const writer = isSend(command, payload) ? this.#writer(entered, payload.channel_id, requestId ?? '') : null
    const result = await (writer ? this.#slowly(writer, ask) : ask())
    this.#note(command, payload, result)
    return { result, entered }
  }

  /**
   * Why they would be refused that now, by the same rules, or the bot, as far as that is certain; null where nothing is known to
   * stand against it.
   *
   * @throws {MembershipUnknown}
   */
  async may<Name extends CommandName>(
    guildId: string,
    command: Name,
    payload: CommandPayload<Name>,
  ): Promise<Refused | null> {
    try {
      const need = needOf(command)
      const { entered, about } = await this.#demand(guildId, need, payload)
      const hindrance = botHindrance(need, payload, { entered, about, botId: this.#options.botId() })
      if (hindrance || !isSend(command, payload)) return hindrance
      const retryAfter = this.#options.slowmode.waitOf(this.#writer(entered, payload.channel_id, ''))
      return retryAfter === null ? null : new Refused('SLOWMODE', { retryAfter })
    } catch (error) {
      if (error instanceof Refused) return error
      throw error
    }
  }

  /** What of a channel is their own. */
  ownIn(channelId: string): Own {
    return this.#options.ledger.ofChannel(this.#options.userId, channelId)
  }

  async #demand<Name extends CommandName>(
    guildId: string,
    need: Need<Name>,
    payload: CommandPayload<Name>,
  ): Promise<Demanded> {
    const { over, unless } = need
    const about = { isOwn: this.#isOwn(payload), target: null, now: this.#now() }
    if (!over) return this.#unhindered(await this.#permitted(guildId, need, payload, about), unless, payload, about)
    // Nobody is looked up for who may not do it to anyone; and what was asked meanwhile took its time.
    await this.#permitted(guildId, need, payload, about)
    const target = await this.#options.membership.memberOf(guildId, over(payload))
    const entered = await this.#permitted(guildId, need, payload, about)
    if (!target) throw new Refused('NOT_FOUND')
    if (!outranks(entered.member, target, entered.guild)) throw new Refused('OUTRANKED')
    return this.#unhindered(entered, unless, payload, { ...about, target })
  }

  #unhindered<Name extends CommandName>(
    entered: Entered,
    unless: Need<Name>['unless'],
    payload: CommandPayload<Name>,
    about: About,
  ): Demanded {
    const hindrance = unless?.(payload, entered, about) ?? null
    if (hindrance !== null) throw new Refused(hindrance)
    return { entered, about }
  }

  async #permitted<Name extends CommandName>(
    guildId: string,
    { kind, demands }: Need<Name>,
    payload: CommandPayload<Name>,
    about: About,
  ): Promise<Entered> {
    const demanded = (at: Entered) => demands(payload, at, about)
    const first = await this.#look(guildId)
    const channels = first ? channelsOf(demanded(first)) : []
    const entered = first && (await this.enter(guildId, channels))
    if (!entered) throw new Refused('NOT_FOUND')
    const { guild, sight, member } = entered
    const all = demanded(entered)
    if (!channelsOf(all).every((id) => sight.mayView(guild, id))) throw new Refused('NOT_FOUND')
    if (kind === 'acts' && sight.until !== null) throw new Refused('TIMED_OUT', this.#after(sight.until))
    if (kind === 'acts' && (isHeldBack(member) || isTooNew(entered, this.#now()))) throw new Refused('HELD_BACK')
    const missing = lacking(all, entered)
    if (missing.length > 0) throw new Refused('MISSING_PERMISSIONS', { missing })
    return entered
  }

  /** The message or reaction that a payload names. */
  #isOwn(payload: object): boolean {
    const { userId, ledger } = this.#options
    const { channel_id: channelId, message_id: messageId, emoji } = payload as Named
    if (channelId === undefined || messageId === undefined) return false
    const place = { channelId, messageId }
    return emoji === undefined ? ledger.hasWritten(userId, place) : ledger.hasReacted(userId, { ...place, emoji })
  }

  /** Whose what was done is, from now on. */
  #note(command: CommandName, payload: object, result: unknown): void {
    const { userId, ledger } = this.#options
    const { channel_id: channelId = '', message_id: messageId = '', emoji = '' } = payload as Named
    if (isSend(command, payload)) {
      ledger.wrote(userId, { channelId, messageId: (result as CommandResult<'send_message'>).message_id })
    } else if (command === 'add_reaction') ledger.reacted(userId, { channelId, messageId, emoji })
    else if (command === 'remove_reaction') ledger.unreacted({ messageId, emoji })
  }

  /** A text notifies whom they could notify, and shows what it links to if they could have that shown. */
  #shaped<Name extends CommandName>(
    { guild, sight }: Entered,
    command: Name,
    payload: CommandPayload<Name>,
  ): CommandPayload<Name> {
    if (!isText(command, payload)) return payload
    const permissions = sight.permissionsIn(guild, payload.channel_id)
    const isBare = (permissions & EmbedLinks) === 0n
    const bare = command === 'send_message' ? { suppress_embeds: true } : { flags: MessageFlags.SuppressEmbeds }
    return {
      ...payload,
      allowed_mentions: mentionsOf(payload.content ?? '', guild, permissions),
      ...(isBare && bare),
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

/** Who may have it done, and what is known of what it is about. */
type Demanded = { readonly entered: Entered; readonly about: About }

const channelsOf = (demands: readonly Demand[]): string[] =>
  demands.flatMap(({ channelId }) => (channelId === null ? [] : [channelId]))

/** The bot does nothing for anybody that the table does not name. */
function needOf<Name extends CommandName>(command: Name): Need<Name> {
  const need: Need<Name> | null = needs[command]
  if (need === null) throw new Error(`the bot does ${command} for nobody`)
  return need
}

/** What payloads call what they are about. */
type Named = { channel_id?: string; message_id?: string; emoji?: string }

type Text = CommandPayload<'send_message'> | CommandPayload<'edit_message'>

function isText(command: CommandName, _payload: unknown): _payload is Text {
  return command === 'send_message' || command === 'edit_message'
}

function isSend(command: CommandName, _payload: unknown): _payload is CommandPayload<'send_message'> {
  return command === 'send_message'
}

/** Who has not passed the server's screening, or whom automatic moderation keeps from acting. What is no flags is none. */
function isHeldBack({ pending, flags }: Member): boolean {
  if (pending === true) return true
  return flags !== undefined && flags !== null && (typeof flags !== 'number' || (flags & QUARANTINED) !== 0)
}
