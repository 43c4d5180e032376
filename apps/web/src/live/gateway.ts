import { viewerOfPage } from '../page-viewer.ts'
import { GuildStores } from './guild-stores.ts'
import { WebClock } from './hops/web-clock.ts'
import { soon } from './soon.ts'
import { browserEnvironment } from './stream/browser-environment.ts'
import { HubClient } from './stream/hub/hub-client.ts'
import { hubConnector } from './stream/hub/hub-connector.ts'
import { readMarks } from './kept-in-browser.ts'
import { onlyListens } from './thrown.ts'
import { UnsentByGuild } from './unsent.ts'

/** A page's end of the whole way: the guilds that it shows, over one stream that it shares with the other tabs. */
export type Gateway = {
  readonly stores: GuildStores
  /** The page is put by or goes: its part of the stream is given up. */
  suspend: () => void
  /** It is shown again, and goes on from where it was. */
  resume: () => void
  /** Nobody looks at it, as at a tab behind another: where it has a stream of its own, it does without until somebody does. */
  hide: () => void
  show: () => void
}

/**
 * Nothing is opened before a guild is shown, so it may be made on the server too: one for each page, never one for all.
 *
 * @param unsent what the page writes, and how it is sent; without it, the page only listens.
 */
export function createGateway(unsent: UnsentByGuild = listensOnly()): Gateway {
  const client = new HubClient(browserEnvironment, hubConnector(viewerOfPage))
  const open = client.source.bind(client)
  const clock = new WebClock(browserEnvironment)
  const webAheadOf = clock.aheadOf.bind(clock)
  const stores = new GuildStores({ open, now: browserEnvironment.now, webAheadOf, soon, marks: readMarks }, unsent)
  return {
    stores,
    suspend: () => {
      stores.setLookedAt(false)
      client.suspend()
    },
    resume: () => {
      stores.setLookedAt(true)
      client.resume()
    },
    hide: () => {
      stores.setLookedAt(false)
      client.hide()
    },
    show: () => {
      stores.setLookedAt(true)
      client.show()
    },
  }
}

function listensOnly(): UnsentByGuild {
  return new UnsentByGuild({
    send: onlyListens,
    newId: () => crypto.randomUUID(),
    now: () => Date.now(),
  })
}
