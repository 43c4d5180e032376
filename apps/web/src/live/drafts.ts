import { z } from 'zod'
import { KeptTexts, type TextStorage } from './kept-texts.ts'
import { parseJson } from './stream/json.ts'

/** What was begun in one server and not sent: by channel, or by message. */
export type Drafts = Pick<Map<string, string>, 'get' | 'set' | 'delete' | 'clear' | 'size'>

/** What was typed, the message that it answers, by channel; what messages are being changed to, by message. */
export type Begun = 'texts' | 'answered' | 'edits'

const PREFIX = 'drafts:'
const KeptSchema = z.record(z.string(), z.string())

/**
 * Keeps drafts for as long as a tab lives, whatever it shows meanwhile; for the person that typed them, and for nobody once they
 * are signed out.
 */
export class DraftsStore {
  readonly #texts: KeptTexts
  readonly #viewer: () => string | null

  /** @param storage throws where nothing may be kept. @param viewer whose page it is; null: not known, and nothing is kept. */
  constructor(storage: () => TextStorage, viewer: () => string | null) {
    this.#texts = new KeptTexts(storage, PREFIX)
    this.#viewer = viewer
  }

  of(guildId: string, what: Begun): Drafts {
    const typed = new Map<string, string>()
    let readFor: string | null = null
    /** Once it is known whose they are. */
    const all = () => {
      const viewer = this.#viewer()
      if (viewer === null || readFor === viewer) return typed
      readFor = viewer
      for (const [channelId, text] of this.#read(viewer, keyOf(viewer, guildId, what)))
        if (!typed.has(channelId)) typed.set(channelId, text)
      return typed
    }
    const keep = () => this.#write(guildId, what, typed)
    return {
      get: (channelId) => all().get(channelId),
      set(channelId, text) {
        all().set(channelId, text)
        keep()
        return typed
      },
      delete(channelId) {
        const was = all().delete(channelId)
        keep()
        return was
      },
      clear() {
        typed.clear()
        keep()
      },
      get size() {
        return all().size
      },
    }
  }

  forgetAll(): void {
    this.#texts.removeWhere(() => true)
  }

  #read(viewer: string, key: string): Iterable<[string, string]> {
    // Those of somebody else, who was here before in this tab.
    this.#texts.removeWhere((name) => !name.startsWith(`${PREFIX}${viewer}:`))
    const kept = KeptSchema.safeParse(parseJson(this.#texts.get(key) ?? ''))
    return kept.success ? Object.entries(kept.data) : []
  }

  #write(guildId: string, what: Begun, drafts: ReadonlyMap<string, string>): void {
    const viewer = this.#viewer()
    if (viewer === null) return
    const key = keyOf(viewer, guildId, what)
    if (drafts.size === 0) this.#texts.remove(key)
    else this.#texts.set(key, JSON.stringify(Object.fromEntries(drafts)))
  }
}

const keyOf = (viewer: string, guildId: string, what: Begun): string => `${PREFIX}${viewer}:${guildId}:${what}`
