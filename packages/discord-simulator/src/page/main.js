/** @import { View, ViewedMessage } from '../control/view.ts' */
/** @import { Choice } from './simulator.js' */
import { createChannels } from './channels.js'
import { createComposer } from './composer.js'
import { attribute, byId, onPress, write } from './dom.js'
import { createFeed } from './feed.js'
import { createMe } from './me.js'
import { createMembers } from './members.js'
import { timeOf } from './moments.js'
import { attempt } from './notice.js'
import { createPlug } from './plug.js'
import { Away, Refused, look, simulator } from './simulator.js'

/**
 * What the parts of the page share.
 * @typedef {object} Page
 * @property {() => View} view what was last seen
 * @property {(choice: Choice) => void} choose looks at something else
 * @property {(otherwise: string, act: () => Promise<unknown>) => Promise<boolean>} act does something, and looks what came of it
 * @property {(message: ViewedMessage) => void} reply
 * @property {(view: string) => void} turnTo shows one of the views, where there is room for one
 */

/** How often it is looked: seldom enough to cost nothing, often enough to be called live. */
const EVERY_MS = 700

const state = byId('state', HTMLElement)
const life = byId('life', HTMLButtonElement)

/** @type {View | undefined} */
let seen
let seenText = ''
let seenDay = ''
let seenAtMs = 0
/** Of looks that overtake each other only the last one counts. */
let lookId = 0
/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer

const query = new URLSearchParams(location.search)
/** @type {Choice} */
let choice = {
  guild_id: query.get('guild') ?? undefined,
  channel_id: query.get('channel') ?? undefined,
  user_id: query.get('as') ?? undefined,
}

/** @type {Page} */
const page = {
  view: () => {
    if (!seen) throw new Error('nothing was seen yet')
    return seen
  },
  choose: (change) => {
    choice = { ...choice, ...change }
    void refresh()
  },
  act: async (otherwise, act) => {
    if (!seen) return false
    const isDone = await attempt(otherwise, act)
    await refresh()
    return isDone
  },
  reply: (message) => composer.reply(message),
  turnTo: (view) => {
    document.body.dataset['view'] = view
    for (const tab of document.querySelectorAll('.tabs button')) {
      const isIt = tab instanceof HTMLElement && tab.dataset['view'] === view
      attribute(tab, 'aria-current', isIt ? 'page' : null)
    }
  },
}

const composer = createComposer(page)
const shows = [
  createChannels(page),
  createMe(page),
  createFeed(page),
  composer.show,
  createPlug(page),
  createMembers(page),
]

/** The choice as it turned out stays in the address: it can be kept, and a reload comes back to it. @param {View} view */
function keep(view) {
  choice = {
    guild_id: view.guild?.id,
    channel_id: view.channel_id ?? undefined,
    user_id: view.user_id ?? undefined,
  }
  const kept = new URLSearchParams({
    guild: choice.guild_id ?? '',
    channel: choice.channel_id ?? '',
    as: choice.user_id ?? '',
  })
  history.replaceState(null, '', `/?${kept}`)
}

/** @param {View} view */
function show(view) {
  attribute(life, 'aria-checked', String(view.life))
  document.title = view.guild ? `${view.guild.name} · Discord simulator` : 'Discord simulator'
  for (const each of shows) each(view)
}

async function refresh() {
  clearTimeout(timer)
  const id = ++lookId
  try {
    const text = await look(choice)
    if (id !== lookId) return
    seenAtMs = Date.now()
    document.body.dataset['state'] = 'live'
    write(state, 'Live')
    // Most looks find nothing new.
    // At midnight what was said today becomes yesterday's.
    const day = new Date().toDateString()
    if (text !== seenText || day !== seenDay) {
      seen = /** @type {View} */ (JSON.parse(text))
      seenText = text
      seenDay = day
      keep(seen)
      show(seen)
    }
  } catch (error) {
    if (id !== lookId) return
    if (!(error instanceof Away || error instanceof Refused)) throw error
    document.body.dataset['state'] = 'away'
    write(state, seenAtMs ? `The simulator is away. This is the state of ${timeOf(seenAtMs)}` : 'The simulator is away')
  } finally {
    if (id === lookId) timer = setTimeout(() => void refresh(), EVERY_MS)
  }
}

onPress(life, () => page.act('Not switched', () => simulator.live(!page.view().life)))
for (const tab of document.querySelectorAll('.tabs button')) {
  onPress(tab, () => tab instanceof HTMLElement && page.turnTo(tab.dataset['view'] ?? ''))
}
// A page in the background is slowed down by the browser; the moment it is looked at it is up to date.
document.addEventListener('visibilitychange', () => {
  if (!document.hidden) void refresh()
})
void refresh()
