import { compareSnowflakes } from '@repo/discord-integration/types'
import type { GuildView, ViewChannel } from './view-types.ts'

/** The posts of a channel that are not archived: those that stand above the others, then by when something was last said. */
export function postsOf(channels: GuildView['channels'], channelId: string): ViewChannel[] {
  return Object.values(channels)
    .filter((channel) => channel.parentId === channelId && !channel.archived)
    .sort((a, b) => Number(b.pinned) - Number(a.pinned) || compareSnowflakes(lastOf(b), lastOf(a)))
}

const lastOf = (post: ViewChannel): string => post.lastMessageId ?? post.id
