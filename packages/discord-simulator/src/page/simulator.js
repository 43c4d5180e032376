/** @import { View } from '../control/view.ts' */

/** What is looked at. Whatever is not named, or not there any more, is the simulator's choice. */
/** @typedef {{ guild_id?: string | undefined, channel_id?: string | undefined, user_id?: string | undefined }} Choice */

/** The simulator does not answer. */
export class Away extends Error {}

/** The simulator answered, and did not do it. */
export class Refused extends Error {
  /**
   * @param {string} message
   * @param {string} code Discord's code, or the HTTP status where it has none
   */
  constructor(message, code) {
    super(message)
    this.code = code
  }
}

/** An answer that takes longer is none. */
const PATIENCE_MS = 5_000

/**
 * @param {string} method
 * @param {string} path under `/_simulator`
 * @param {object} [body]
 * @returns {Promise<string>} the answer's text
 */
async function request(method, path, body) {
  let response
  let text
  try {
    response = await fetch(`/_simulator${path}`, {
      method,
      signal: AbortSignal.timeout(PATIENCE_MS),
      ...(body && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    })
    text = await response.text()
  } catch (error) {
    throw new Away('The simulator does not answer.', { cause: error })
  }
  if (response.ok) return text
  /** @type {{ message?: string, code?: number }} */
  let said = {}
  try {
    said = JSON.parse(text)
  } catch {
    // Whatever it is that answers there, the status says it.
  }
  throw new Refused(said.message ?? response.statusText, String(said.code || response.status))
}

/**
 * What there is to see now, as the text of a {@link View}: who has seen the same text has nothing to do.
 * @param {Choice} choice
 * @returns {Promise<string>}
 */
export function look(choice) {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(choice)) if (value) query.set(name, value)
  return request('GET', `/view?${query}`)
}

/** What can be done. Each rejects with {@link Refused} or {@link Away}. */
export const simulator = {
  /** @param {{ user_id: string, channel_id: string, content: string, reply_to?: string }} body */
  speak: (body) => request('POST', '/speak', body),
  /** @param {{ user_id: string, channel_id: string }} body */
  type: (body) => request('POST', '/typing', body),
  /** @param {{ user_id: string, channel_id: string, message_id: string, emoji: string, remove?: boolean }} body */
  react: (body) => request('POST', '/react', body),
  /** @param {{ user_id: string, guild_id: string, channel_id?: string | null, self_mute?: boolean, self_deaf?: boolean }} body */
  voice: (body) => request('POST', '/voice', body),
  /** @param {boolean} running */
  live: (running) => request('POST', '/life', { running }),
  /** @param {object} body */
  interact: (body) => request('POST', '/interactions', body),
  /** @param {import('../faults/fault.ts').FaultInput} fault */
  inject: (fault) => request('POST', '/faults', fault),
  /** @param {number} [id] all if not given */
  lift: (id) => request('DELETE', id === undefined ? '/faults' : `/faults/${id}`),
}
