import { viewerOfPage } from '../page-viewer.ts'
import { DraftsStore } from './drafts.ts'
import { ReadMarksStore } from './read-marks-store.ts'

/** Told to the other tabs alone: https://html.spec.whatwg.org/multipage/webstorage.html#the-storage-event */
function onOther(listener: (key: string | null) => void): () => void {
  const heard = ({ key, storageArea }: StorageEvent) => {
    if (storageArea === localStorage) listener(key)
  }
  globalThis.addEventListener('storage', heard)
  return () => globalThis.removeEventListener('storage', heard)
}

/** What was read, for all tabs of this browser. */
export const readMarks = new ReadMarksStore({
  storage: () => localStorage,
  onOther,
  now: () => Date.now(),
  setTimer: (run, ms) => setTimeout(run, ms),
  clearTimer: (timer) => clearTimeout(timer as ReturnType<typeof setTimeout>),
})

/** What was typed and not sent, for this tab. */
export const draftsStore = new DraftsStore(() => sessionStorage, viewerOfPage)

/** Whoever looks at this page is signed out. */
export function forgetPerson(): void {
  readMarks.forgetAll(viewerOfPage())
  draftsStore.forgetAll()
}

/** Nobody is signed in: of whoever was, nothing stays behind. */
export function forgetEverybody(): void {
  readMarks.forgetAll(null)
  draftsStore.forgetAll()
}
