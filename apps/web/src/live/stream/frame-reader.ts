import { parseJson } from './json.ts'
import { Place } from './place.ts'
import type { StreamHandlers } from './stream-types.ts'
import { SyncNoticeSchema } from './sync-notice.ts'

/** A frame as it is passed on between those who carry it: what it says is read where it is shown. */
export type RawFrame = { name: string; data: string; id: string | null }

/** Reads a guild's frames for whoever shows it, and keeps the place of what was read. */
export class FrameReader {
  readonly #handlers: Pick<StreamHandlers, 'onEvent' | 'onSync'>
  #place = new Place(null)

  constructor(handlers: Pick<StreamHandlers, 'onEvent' | 'onSync'>) {
    this.#handlers = handlers
  }

  get place(): string | null {
    return this.#place.id
  }

  /** What is shown was forgotten: it is told anew. */
  forget(): void {
    this.#place = new Place(null)
  }

  /** Whoever carries them begins anew, from the place. */
  cutOff(): void {
    this.#place.cutOff()
  }

  hear({ name, data, id }: RawFrame): void {
    const said = parseJson(data)
    if (name !== 'sync') {
      if (said !== undefined) this.#handlers.onEvent({ name, payload: said, id, size: data.length })
      this.#place.hearEvent(id)
      return
    }
    const notice = SyncNoticeSchema.safeParse(said)
    if (!notice.success) return
    this.#place.hearSync(notice.data)
    this.#handlers.onSync(notice.data)
  }
}
