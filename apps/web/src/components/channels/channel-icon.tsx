import { channelType, holdsPosts, isThread } from '../../live/view/discord-values.ts'
import type { ViewChannel } from '../../live/view/view-types.ts'
import { Icon, type IconName } from '../ui/icon.tsx'

export function iconOf({ type, isPrivate }: Pick<ViewChannel, 'type' | 'isPrivate'>): IconName {
  if (type === channelType.stage) return 'stage'
  if (type === channelType.voice) return 'voice'
  if (isThread(type)) return 'thread'
  if (isPrivate) return 'lock'
  if (type === channelType.announcement) return 'announcement'
  return holdsPosts(type) ? 'forum' : 'hash'
}

export function ChannelIcon({ channel, className = '' }: { channel: ViewChannel; className?: string }) {
  return <Icon name={iconOf(channel)} className={className} />
}
