/** @import { View } from '../control/view.ts' */
/** @import { Page } from './main.js' */
import { attribute, byId, keyed, onPress, write } from './dom.js'
import { messagePart } from './message.js'
import { iconOf, placeOf } from './names.js'

/** Nearer to its end than this, a feed is at its end. */
const NEAR_PX = 24

/** The chosen channel and its newest messages. @param {Page} page */
export function createFeed(page) {
  const list = byId('messages', HTMLElement)
  const newer = byId('newer', HTMLButtonElement)
  const nothing = byId('nothing', HTMLElement)
  let channel = ''
  /** Whether its end is to stay in sight. */
  let isFollowing = true
  let top = 0
  /** The newest that was seen at the end of the feed. */
  let last = 0n

  const isAtEnd = () => list.scrollHeight - list.scrollTop - list.clientHeight < NEAR_PX
  const toEnd = () => {
    list.scrollTop = list.scrollHeight
    newer.hidden = true
  }
  onPress(newer, () => {
    toEnd()
    list.focus()
  })
  list.addEventListener('scroll', () => {
    // Only who moves it up stops following: the end may also have moved away by itself, when what is below it grew.
    if (isAtEnd()) isFollowing = true
    else if (list.scrollTop < top) isFollowing = false
    top = list.scrollTop
    if (isFollowing) newer.hidden = true
  })
  // What stands below it grows and shrinks, and on a phone it comes and goes: the end of the feed stays in sight.
  new ResizeObserver(() => {
    if (isFollowing) toEnd()
  }).observe(list)

  return (/** @type {View} */ view) => {
    const { guild, channel_id, messages, access } = view
    const place = guild && placeOf(guild, channel_id)
    if (!place) {
      write(
        nothing,
        guild
          ? 'This server has no channel that holds messages.'
          : 'There is no server. Somebody removed the bot from all.',
      )
      nothing.hidden = false
      list.replaceChildren()
      return
    }
    write(byId('channel-name', HTMLElement), place.name ?? place.id)
    attribute(document.getElementById('channel-icon') ?? list, 'href', `#i-${iconOf(place, access[place.id])}`)
    write(byId('topic', HTMLElement), ('topic' in place && place.topic) || '')
    const isNew = channel !== place.id
    const stays = !isNew && !isFollowing
    if (isNew) list.replaceChildren()
    channel = place.id
    keyed(
      list,
      messages.map((message) => ({ message, view })),
      ({ message }) => message.id,
      (item) => messagePart(page, item),
    )
    write(nothing, `Nothing was said in ${place.name} yet.`)
    nothing.hidden = messages.length > 0
    const fresh = messages.filter(({ id }) => BigInt(id) > last).length
    if (!stays) {
      isFollowing = true
      toEnd()
      last = BigInt(messages.at(-1)?.id ?? 0)
    } else if (fresh > 0) {
      write(newer, fresh === 1 ? '1 new message' : `${fresh} new messages`)
      newer.hidden = false
    }
  }
}
