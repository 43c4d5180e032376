import { leastClient } from '../lib/least-client.ts'
import { setupOf } from '../lib/party.ts'
import type { Where } from './simulator.ts'
import { tally } from './tally.ts'

/* The least that a client in Node can do, by itself. */

let cut = () => {}
const taken = tally(() => cut())
cut = await leastClient(setupOf() as Where, ({ t }) => taken(t))
