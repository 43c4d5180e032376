/** @import { View } from '../control/view.ts' */
/** @import { Page } from './main.js' */
/** @import { Place } from './names.js' */
/** @import { Part } from './dom.js' */
import { attribute, byId, choices, element, icon, keyed, onPress, write } from './dom.js'
import { face, iconOf, isVoice, kindOf, memberOf, nameOf } from './names.js'
import { simulator } from './simulator.js'

/** @typedef {{ place: Place, view: View, depth: number }} Row */
/** @typedef {NonNullable<View['guild']>['voice_states'][number]} VoiceState */

/**
 * Channels as Discord orders them: those of no category, then each category with its own, threads under theirs.
 * @param {View} view
 * @returns {Row[]}
 */
function rowsOf(view) {
  if (!view.guild) return []
  const { channels, threads } = view.guild
  const position = (/** @type {Place} */ place) => ('position' in place ? place.position : 0)
  const inOrder = [...channels].sort((a, b) => position(a) - position(b))
  /** @type {(parent: string | null) => Row[]} */
  const under = (parent) =>
    inOrder.flatMap((place) => {
      const home = 'parent_id' in place ? (place.parent_id ?? null) : null
      if (home !== parent || kindOf(place) === 'category') return []
      const inside = threads.filter((thread) => thread.parent_id === place.id)
      return [{ place, view, depth: 0 }, ...inside.map((thread) => ({ place: thread, view, depth: 1 }))]
    })
  const categories = inOrder.filter((place) => kindOf(place) === 'category')
  return [...under(null), ...categories.flatMap((place) => [{ place, view, depth: 0 }, ...under(place.id)])]
}

/** @param {Page} page @param {VoiceState} state @param {View} view @returns {Part<{ state: VoiceState, view: View }>} */
function speaker(page, { user_id }, view) {
  const member = view.guild && memberOf(view.guild, user_id)
  const name = member ? nameOf(member) : user_id
  const isBot = user_id === view.bot.id
  const who = element('span', { class: 'clip grow', dir: 'auto' }, name)
  const signs = element('span', { class: 'signs' })
  const button = element('button', { class: 'speaker' }, face(user_id, name, isBot), who, signs)
  // The bot acts for itself.
  if (isBot) button.disabled = true
  else button.title = `Act as ${name}`
  onPress(button, () => page.choose({ user_id }))
  const flags = /** @type {const} */ ([
    ['muted', (/** @type {VoiceState} */ state) => state.self_mute || state.mute],
    ['deafened', (/** @type {VoiceState} */ state) => state.self_deaf || state.deaf],
  ])
  return {
    node: element('li', {}, button),
    show: ({ state, view: now }) => {
      attribute(button, 'aria-pressed', isBot ? null : String(now.user_id === user_id))
      const shown = flags.filter(([, isOn]) => isOn(state)).map(([name_]) => name_)
      keyed(
        signs,
        shown,
        (key) => key,
        (key) => {
          const node = element('span', {}, icon(key, key))
          return { node, show: () => {} }
        },
      )
    },
  }
}

/** @param {Page} page @param {Row} row @returns {Part<Row>} */
function channelRow(page, { place, depth }) {
  if (kindOf(place) === 'category') {
    const node = element('li', { class: 'category' })
    return { node, show: (row) => write(node, row.place.name ?? '') }
  }
  const isForVoice = isVoice(place)
  const sign = element('span', { class: 'sign' })
  const name = element('span', { class: 'clip grow', dir: 'auto' })
  const open = element('button', { class: depth > 0 ? 'channel sub' : 'channel' }, sign, name)
  onPress(open, () => {
    page.choose({ channel_id: place.id })
    page.turnTo('messages')
  })
  const count = element('span', { class: 'count' })
  const join = element('button', { class: 'button tiny' }, 'Join')
  const inside = element('ul', { class: 'inside' })
  const line = element('div', { class: 'line' }, open)
  const node = element('li', {}, line)
  if (isForVoice) {
    open.append(count)
    line.append(join)
    node.append(inside)
  }
  onPress(join, () =>
    page.act(`Not moved to ${place.name}`, () => {
      const { guild, user_id } = page.view()
      return simulator.voice({ user_id: user_id ?? '', guild_id: guild?.id ?? '', channel_id: place.id })
    }),
  )
  return {
    node,
    show: (row) => {
      const { access, user_id, guild, channel_id } = row.view
      const may = access[place.id]
      const symbol = iconOf(row.place, may)
      if (sign.dataset['icon'] !== symbol) {
        sign.replaceChildren(icon(symbol, symbol === 'private' ? 'private channel' : undefined))
        sign.dataset['icon'] = symbol
      }
      write(name, row.place.name ?? place.id)
      attribute(open, 'aria-current', channel_id === place.id ? 'true' : null)
      const me = guild && memberOf(guild, user_id)
      const who = me ? nameOf(me) : 'Nobody'
      open.classList.toggle('unseen', may?.view === false)
      open.title = may?.view === false ? `${who} cannot view this channel` : ''
      if (!isForVoice || !guild) return
      const states = guild.voice_states.filter((state) => state.channel_id === place.id)
      const limit = 'user_limit' in row.place && row.place.user_limit ? ` / ${row.place.user_limit}` : ''
      write(count, `${states.length}${limit}`)
      join.hidden = states.some((state) => state.user_id === user_id)
      attribute(join, 'aria-label', `Join ${row.place.name} as ${who}`)
      keyed(
        inside,
        states.map((state) => ({ state, view: row.view })),
        ({ state }) => state.user_id,
        ({ state }) => speaker(page, state, row.view),
      )
    },
  }
}

/** The servers, their channels, and who is in voice. @param {Page} page */
export function createChannels(page) {
  const guild = byId('guild', HTMLSelectElement)
  const list = byId('channels', HTMLElement)
  guild.addEventListener('change', () => page.choose({ guild_id: guild.value, channel_id: undefined }))
  return (/** @type {View} */ view) => {
    choices(
      guild,
      view.guilds.map(({ id, name }) => ({ value: id, label: name })),
      view.guild?.id,
    )
    keyed(
      list,
      rowsOf(view),
      ({ place }) => place.id,
      (row) => channelRow(page, row),
    )
  }
}
