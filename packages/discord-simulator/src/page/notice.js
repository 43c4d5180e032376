import { byId, onPress, write } from './dom.js'
import { Away, Refused } from './simulator.js'

const box = byId('notice', HTMLElement)

export function dismiss() {
  box.hidden = true
}

/**
 * Says what did not happen, and why.
 * @param {string} what as in "Not sent"
 * @param {string} why
 * @param {string} [code]
 */
export function refuse(what, why, code = '') {
  write(byId('notice-title', HTMLElement), what)
  write(byId('notice-text', HTMLElement), why)
  write(byId('notice-code', HTMLElement), code)
  box.hidden = false
}

/**
 * Does something; true if it was done. What went wrong is said, and the next thing that works takes it away.
 * @param {string} otherwise what to say has not happened, if it has not
 * @param {() => Promise<unknown>} act
 */
export async function attempt(otherwise, act) {
  try {
    await act()
    dismiss()
    return true
  } catch (error) {
    if (error instanceof Refused) refuse(otherwise, error.message, error.code)
    else if (error instanceof Away) refuse(otherwise, error.message)
    else throw error
    return false
  }
}

onPress(byId('notice-close', HTMLButtonElement), dismiss)
addEventListener('keydown', ({ key }) => {
  if (key === 'Escape') dismiss()
})
