import type { Deed } from './live/deeds.ts'
import * as server from './server/functions.ts'

/** Has the server do it, each by its own function. */
export async function act(guildId: string, deed: Deed, requestId: string): Promise<server.DeedOutcome> {
  const asked = { guildId, requestId }
  switch (deed.kind) {
    case 'edit': {
      const { channelId, messageId, content } = deed
      return await server.editMessage({ data: { ...asked, channelId, messageId, content } })
    }
    case 'delete': {
      const { channelId, messageId } = deed
      return await server.deleteMessage({ data: { ...asked, channelId, messageId } })
    }
    case 'react':
    case 'unreact': {
      const { channelId, messageId, emoji } = deed
      const change = deed.kind === 'react' ? server.addReaction : server.removeReaction
      return await change({ data: { ...asked, channelId, messageId, emoji } })
    }
    case 'move':
      return await server.moveMember({ data: { ...asked, userId: deed.userId, channelId: deed.channelId } })
    case 'mute':
      return await server.muteMember({ data: { ...asked, userId: deed.userId, mute: deed.on } })
    case 'deafen':
      return await server.deafenMember({ data: { ...asked, userId: deed.userId, deaf: deed.on } })
    case 'timeout':
      return await server.timeoutMember({ data: { ...asked, userId: deed.userId, until: deed.until } })
  }
}
