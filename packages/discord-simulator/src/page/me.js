/** @import { View } from '../control/view.ts' */
/** @import { Page } from './main.js' */
import { attribute, byId, choices, onPress, write } from './dom.js'
import { memberOf, nameOf, placeOf, voiceOf } from './names.js'
import { simulator } from './simulator.js'

/** Who is acted as, and what they do in voice. @param {Page} page */
export function createMe(page) {
  const person = byId('person', HTMLSelectElement)
  const where = byId('where', HTMLElement)
  const mute = byId('mute', HTMLButtonElement)
  const deafen = byId('deafen', HTMLButtonElement)
  const leave = byId('leave', HTMLButtonElement)

  person.addEventListener('change', () => page.choose({ user_id: person.value }))

  /** @param {string} otherwise @param {(state: { self_mute: boolean, self_deaf: boolean }) => object} change */
  const alter = (otherwise, change) =>
    page.act(otherwise, () => {
      const { guild, user_id } = page.view()
      const state = (guild && voiceOf(guild, user_id)) ?? { self_mute: false, self_deaf: false }
      return simulator.voice({ user_id: user_id ?? '', guild_id: guild?.id ?? '', ...change(state) })
    })
  onPress(mute, () => alter('Not muted', ({ self_mute }) => ({ self_mute: !self_mute })))
  onPress(deafen, () => alter('Not deafened', ({ self_deaf }) => ({ self_deaf: !self_deaf })))
  onPress(leave, () => alter('Not left', () => ({ channel_id: null })))

  return (/** @type {View} */ { guild, user_id, bot }) => {
    if (!guild) return
    const people = guild.members.filter(({ user }) => user.id !== bot.id)
    choices(
      person,
      people.map((member) => ({ value: member.user.id, label: nameOf(member) })),
      user_id ?? '',
    )
    const state = voiceOf(guild, user_id)
    const me = memberOf(guild, user_id)
    write(where, state ? `in ${placeOf(guild, state.channel_id)?.name ?? 'voice'}` : 'not in voice')
    attribute(mute, 'aria-pressed', String(state?.self_mute ?? false))
    attribute(deafen, 'aria-pressed', String(state?.self_deaf ?? false))
    const reason = me && !state ? `${nameOf(me)} is not in voice` : null
    // Still focusable, so that the reason can be read; the simulator says it too.
    for (const button of [mute, deafen, leave]) attribute(button, 'aria-disabled', reason && 'true')
    for (const button of [mute, deafen, leave]) button.title = reason ?? button.getAttribute('aria-label') ?? ''
  }
}
