import { exampleHandler } from '../lib/example-handler.ts'
import { leastClient } from '../lib/least-client.ts'
import { setupOf } from '../lib/party.ts'
import type { Where } from './simulator.ts'
import { tally } from './tally.ts'

/* The example's Gateway Service over the least client: a message is made of each event, for no backend yet. It keeps nothing. */

let cut = () => {}
const taken = tally(() => cut())
const handle = exampleHandler(() => {})
cut = await leastClient(setupOf() as Where, ({ t, d }) => {
  handle(t, d)
  taken(t)
})
