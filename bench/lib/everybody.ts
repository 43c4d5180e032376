import { HopReporter, type HopSource } from '../../apps/web/src/server/realtime/hop-reporter.ts'
import { SseManager } from '../../apps/web/src/server/realtime/sse-manager.ts'
import { createStreamHandler, type StreamHandlerOptions } from '../../apps/web/src/server/realtime/stream-handler.ts'
import type { Membership } from '../../apps/web/src/server/membership/membership.ts'

/* Everybody who asks is one and the same member, without a role. */

const member = { user: { id: '1' }, roles: [] }

const everybody: Pick<StreamHandlerOptions, 'viewerOf' | 'admission'> = {
  viewerOf: () =>
    Promise.resolve({
      user: { id: member.user.id, username: 'bench', avatar: null },
      sessionId: '1',
      expiresAt: Number.POSITIVE_INFINITY,
    }),
  admission: {
    ask: () => Promise.resolve({ is: 'member', member }),
    wait: () => Promise.resolve({ member, threads: new Set() }),
  },
}

export const everybodysMembership: Membership = {
  keepsCurrent: true,
  memberOf: () => Promise.resolve(member),
  known: () => member,
  goodUntil: () => Number.POSITIVE_INFINITY,
  isInThread: () => Promise.resolve(false),
  receive() {},
  forget() {},
  onForget: () => () => {},
}

/** Web's streams, for everybody and as many as come. @param link how it stands; nobody is asked for shards. */
export const streamsForAll = (
  { feed, viewers }: Pick<StreamHandlerOptions, 'feed' | 'viewers'>,
  link: Pick<HopSource, 'status' | 'onStatus'>,
) =>
  createStreamHandler({
    headers: {},
    feed,
    viewers,
    ...everybody,
    streams: new SseManager(),
    hops: new HopReporter(
      {
        status: link.status,
        onStatus: (handler) => link.onStatus(handler),
        ask: () => Promise.resolve({ shards: [] }),
      },
      { by: 'web' },
    ),
    streamsPerUser: Infinity,
    streamsTotal: Infinity,
    onFailure: (response) => void response.destroy(),
  })
