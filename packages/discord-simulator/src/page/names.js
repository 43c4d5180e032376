/** @import { APIEmoji, APIPartialEmoji } from 'discord-api-types/v10' */
/** @import { Access } from '../control/view.ts' */
/** @import { Guild, GuildChannel, Member, Thread, User } from '../world/types.ts' */
import { element } from './dom.js'
import { momentOf } from './moments.js'

/** @typedef {GuildChannel | Thread} Place */

/** How many colours there are for faces: `h0` to `h7` in people.css. */
const HUES = 8n

/**
 * What somebody is called in a server.
 * @param {Pick<Member, 'user'> & { nick?: string | null | undefined }} member
 */
export const nameOf = ({ nick, user }) => nick ?? user.global_name ?? user.username

/** @param {Guild} guild @param {string | null} id */
export const memberOf = (guild, id) => guild.members.find(({ user }) => user.id === id)

/** @param {Guild} guild @param {User} user */
export const nameIn = (guild, user) => nameOf(memberOf(guild, user.id) ?? { user })

/** @param {Guild} guild @param {string | null} id @returns {Place | undefined} */
export const placeOf = (guild, id) => [...guild.channels, ...guild.threads].find((place) => place.id === id)

/** @param {Guild} guild @param {string | null} userId */
export const voiceOf = (guild, userId) => guild.voice_states.find((state) => state.user_id === userId)

/** https://docs.discord.com/developers/resources/channel#channel-object-channel-types */
const KINDS = /** @type {Readonly<Record<number, string>>} */ ({
  2: 'voice',
  4: 'category',
  5: 'news',
  10: 'thread',
  11: 'thread',
  12: 'thread',
  13: 'stage',
})

/** What kind of channel it is: one of those above, or `text`. @param {Place} place */
export const kindOf = ({ type }) => KINDS[type] ?? 'text'

/** Whether one talks in it, with one's voice. @param {Place} place */
export const isVoice = (place) => kindOf(place) === 'voice' || kindOf(place) === 'stage'

/** The symbol that stands for a channel. @param {Place} place @param {Access | undefined} access */
export const iconOf = (place, access) =>
  access?.private && !isVoice(place) && kindOf(place) !== 'thread' ? 'private' : kindOf(place)

/** What REST and the control API call an emoji by. @param {APIPartialEmoji | APIEmoji} emoji */
export const emojiName = ({ id, name }) => (id ? `${name}:${id}` : (name ?? ''))

/**
 * Two letters on a ground of somebody's own.
 * @param {string} id
 * @param {string} name
 * @param {boolean} [isBot]
 */
export function face(id, name, isBot = false) {
  const letters = Array.from(name.replaceAll(/[^\p{L}\p{N}]/gu, ''))
  const hue = isBot ? 'bot' : `h${BigInt(id) % HUES}`
  return element('span', { class: `face ${hue}`, 'aria-hidden': 'true' }, letters.slice(0, 2).join('').toUpperCase())
}

/**
 * A text as people read it: with the names of those whom it mentions.
 * https://docs.discord.com/developers/reference#message-formatting
 * @param {Guild} guild
 * @param {string} content
 * @returns {(Node | string)[]}
 */
export function readable(guild, content) {
  const pieces = content.split(/(<@!?\d+>|<@&\d+>|<#\d+>|<a?:\w+:\d+>|<t:-?\d+(?::\w)?>)/)
  return pieces.map((piece, index) => {
    if (index % 2 === 0) return piece
    const id = /\d+(?=(?::\w)?>$)/.exec(piece)?.[0] ?? ''
    const mention = (/** @type {string | undefined} */ name) =>
      element('span', { class: 'mention', title: piece }, name ?? piece)
    if (piece.startsWith('<@&')) return mention(prefixed('@', guild.roles.find((role) => role.id === id)?.name))
    if (piece.startsWith('<@'))
      return mention(prefixed('@', memberOf(guild, id) && nameOf(/** @type {Member} */ (memberOf(guild, id)))))
    if (piece.startsWith('<#')) return mention(prefixed('#', placeOf(guild, id)?.name ?? undefined))
    if (piece.startsWith('<t:')) return element('time', {}, momentOf(Number(id) * 1000))
    return `:${piece.split(':')[1]}:`
  })
}

/** @param {string} sign @param {string | undefined} name */
const prefixed = (sign, name) => name && (name.startsWith(sign) ? name : sign + name)
