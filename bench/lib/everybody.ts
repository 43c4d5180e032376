import type { StreamHandlerOptions } from '../../apps/web/src/server/realtime/stream-handler.ts'
import type { Membership } from '../../apps/web/src/server/membership/membership.ts'

/* Everybody who asks is one and the same member, without a role. */

const member = { user: { id: '1' }, roles: [] }

export const everybody: Pick<StreamHandlerOptions, 'viewerOf' | 'admission'> = {
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
