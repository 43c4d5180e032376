import { browserEnvironment } from '../browser-environment.ts'
import { viewerOfHub } from './hub-name.ts'
import { linePort } from './message-port.ts'
import type { ToHub, ToTab } from './messages.ts'
import { StreamHub } from './stream-hub.ts'

/** The hub in a SharedWorker, which lives for as long as a tab holds it: https://html.spec.whatwg.org/multipage/workers.html */
const hub = new StreamHub(browserEnvironment, viewerOfHub(self.name))

Object.assign(globalThis, {
  onconnect: ({ ports: [port] }: MessageEvent) => {
    if (port) hub.connect(linePort<ToTab, ToHub>(port, { type: 'bye' }))
  },
})
