import { browserEnvironment } from '../browser-environment.ts'
import type { HubConnector } from './hub-client.ts'
import { hubName } from './hub-name.ts'
import { linePort, localLine } from './message-port.ts'
import type { HubPort, ToHub, ToTab } from './messages.ts'
import { StreamHub } from './stream-hub.ts'

/** Where the tabs of a browser agree on which worker it is: one that hangs is not ended by anybody, but left for the next. */
const GENERATION_KEY = 'stream-hub'

/**
 * Hubs in this browser's SharedWorkers. One for each person: whoever signs in while the stream of somebody else still
 * ends is given nothing of it. Its script's name changes with every build that changes it.
 */
export function hubConnector(viewer: () => string | null): HubConnector {
  const generations = new WeakMap<HubPort, number>()
  return {
    viewer,
    shared: (after, { onBroken, onMoved }) => {
      if (typeof SharedWorker === 'undefined') return null
      const lost = after === null ? undefined : generations.get(after)
      const generation = lost === undefined ? readGeneration() : Math.max(readGeneration(), lost + 1)
      keepGeneration(generation)
      try {
        const worker = new SharedWorker(new URL('./hub-worker.ts', import.meta.url), {
          type: 'module',
          name: hubName(viewer(), generation),
        })
        worker.addEventListener('error', onBroken)
        const port = linePort<ToHub, ToTab>(worker.port)
        // Told to the other tabs alone: https://html.spec.whatwg.org/multipage/webstorage.html#the-storage-event
        const moved = ({ key }: StorageEvent) => key === GENERATION_KEY && readGeneration() > generation && onMoved()
        globalThis.addEventListener('storage', moved)
        const close = () => {
          globalThis.removeEventListener('storage', moved)
          port.close()
        }
        const line = { ...port, close }
        generations.set(line, generation)
        return line
      } catch {
        // A policy or a setting forbids it.
        return null
      }
    },
    own: () => {
      const { hub, tab } = localLine()
      new StreamHub(browserEnvironment, viewer()).connect(tab)
      return hub
    },
  }
}

function readGeneration(): number {
  try {
    return Number(localStorage.getItem(GENERATION_KEY)) || 0
  } catch {
    return 0
  }
}

function keepGeneration(generation: number): void {
  try {
    if (generation !== readGeneration()) localStorage.setItem(GENERATION_KEY, String(generation))
  } catch {
    // Nothing may be kept here: tabs that lose a hub together still count alike.
  }
}
