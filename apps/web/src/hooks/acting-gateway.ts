import { act } from '../act.ts'
import { createGateway, type Gateway } from '../live/gateway.ts'
import { draftsStore } from '../live/kept-in-browser.ts'
import { UnsentByGuild } from '../live/unsent.ts'
import { sendMessage } from '../server/functions.ts'
import { upload } from '../upload.ts'

/** A gateway for a page that does things too: what one asks for goes to web, which looks first whether one may. */
export const createActingGateway = (): Gateway =>
  createGateway(
    new UnsentByGuild({
      send: (data) => sendMessage({ data }),
      act,
      upload,
      drafts: (guildId, what) => draftsStore.of(guildId, what),
      newId: () => crypto.randomUUID(),
      now: () => Date.now(),
    }),
  )
