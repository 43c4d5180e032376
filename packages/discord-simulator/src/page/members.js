/** @import { View } from '../control/view.ts' */
/** @import { Member } from '../world/types.ts' */
/** @import { Page } from './main.js' */
/** @import { Part } from './dom.js' */
import { attribute, byId, element, keyed, onPress, write } from './dom.js'
import { face, nameOf, placeOf, voiceOf } from './names.js'

/** Presences by their words: each has a shape too, in people.css. */
const WORDS = /** @type {Readonly<Record<string, string>>} */ ({
  online: 'online',
  idle: 'idle',
  dnd: 'do not disturb',
})

/** @param {Page} page @param {Member} member @param {View} first @returns {Part<{ member: Member, view: View }>} */
function row(page, { user }, first) {
  const isBot = user.id === first.bot.id
  const name = element('span', { class: 'clip', dir: 'auto' })
  const about = element('span', { class: 'small clip', dir: 'auto' })
  const dot = element('span', { class: 'dot', role: 'img' })
  const text = element('span', { class: 'who grow' }, name, about)
  const button = element('button', { class: 'member' }, face(user.id, user.username, isBot), text, dot)
  if (isBot) button.disabled = true
  onPress(button, () => page.choose({ user_id: user.id }))
  return {
    node: element('li', {}, button),
    show: ({ member, view }) => {
      const { guild } = view
      if (!guild) return
      write(name, nameOf(member))
      const roles = guild.roles
        .filter(({ id }) => member.roles.includes(id))
        .sort((a, b) => b.position - a.position)
        .map((role) => role.name)
      const state = voiceOf(guild, user.id)
      const place = state && `in ${placeOf(guild, state.channel_id)?.name ?? 'voice'}`
      write(about, [...(isBot ? ['the bot'] : []), ...(isBot ? [] : roles), ...(place ? [place] : [])].join(', '))
      const status = guild.presences.find((presence) => presence.user.id === user.id)?.status ?? 'offline'
      attribute(dot, 'data-status', status)
      attribute(dot, 'aria-label', WORDS[status] ?? 'offline')
      if (!isBot) attribute(button, 'aria-pressed', String(view.user_id === user.id))
      button.title = isBot ? 'The bot acts for itself' : `Act as ${nameOf(member)}`
    },
  }
}

/** The members of the server. @param {Page} page */
export function createMembers(page) {
  const list = byId('members', HTMLElement)
  const count = byId('member-count', HTMLElement)
  return (/** @type {View} */ view) => {
    const members = view.guild?.members ?? []
    write(count, String(members.length))
    keyed(
      list,
      members.map((member) => ({ member, view })),
      ({ member }) => member.user.id,
      ({ member }) => row(page, member, view),
    )
  }
}
