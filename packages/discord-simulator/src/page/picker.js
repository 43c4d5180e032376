import { byId, element, onPress } from './dom.js'

/** What people of the world react with most. */
const USUAL = ['👍', '🎉', '🔥', '👀', '😂', '🙏', '✅']

const GAP_PX = 4

const picker = byId('picker', HTMLElement)
const field = byId('emoji', HTMLInputElement)

/** @type {(emoji: string) => unknown} */
let choose = () => {}

/** @param {string} emoji */
function take(emoji) {
  picker.hidePopover()
  if (emoji) void choose(emoji)
}

/**
 * Asks for an emoji, beside what was pressed. Nothing happens if none is taken.
 * @param {HTMLElement} beside
 * @param {(emoji: string) => unknown} onChosen
 */
export function pickEmoji(beside, onChosen) {
  choose = onChosen
  field.value = ''
  picker.showPopover()
  const at = beside.getBoundingClientRect()
  const { offsetWidth, offsetHeight } = picker
  const left = Math.min(at.right - offsetWidth, innerWidth - offsetWidth - GAP_PX)
  const above = at.top - offsetHeight - GAP_PX
  picker.style.left = `${Math.max(GAP_PX, left)}px`
  picker.style.top = `${above > 0 ? above : at.bottom + GAP_PX}px`
  picker.querySelector('button')?.focus()
}

byId('emojis', HTMLElement).append(
  ...USUAL.map((emoji) => {
    const button = element('button', { class: 'button quiet icon', 'aria-label': `React with ${emoji}` }, emoji)
    onPress(button, () => take(emoji))
    return button
  }),
)
byId('any-emoji', HTMLFormElement).addEventListener('submit', (event) => {
  event.preventDefault()
  take(field.value.trim())
})
