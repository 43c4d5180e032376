import { Link } from '@tanstack/react-router'
import type { APIMessage } from 'discord-api-types/v10'
import { snowflakeTime } from '@repo/discord-integration/types'
import { clockTime, dayName } from '../../live/format.ts'
import { referenceType } from '../../live/view/discord-values.ts'
import { useGuild, useGuildStore } from '../../hooks/use-guild-store.ts'
import { Icon } from '../ui/icon.tsx'
import { MentionedUsers } from './markdown/mention.tsx'
import { Content } from './message-content.tsx'

/** What was passed on from elsewhere, as it was then: Discord keeps neither who wrote it nor what became of it. */
export function Forwarded({ payload }: { payload: APIMessage }) {
  const snapshots = payload.message_snapshots ?? []
  const reference = payload.message_reference
  if (snapshots.length === 0 || (reference?.type as number | undefined) !== referenceType.forward) return null
  return (
    <div className="mt-0.5 border-s-2 border-line-strong ps-3">
      <p className="flex items-center gap-1.5 text-xs/5 text-ink-3">
        <Icon name="forward" size={12} />
        Forwarded
      </p>
      {snapshots.map(({ message }, index) => (
        // They have no ids, and never change.
        // oxlint-disable-next-line react/no-array-index-key
        <MentionedUsers key={index} value={message.mentions ?? []}>
          <Content payload={message} />
        </MentionedUsers>
      ))}
      {reference !== undefined && <Origin channelId={reference.channel_id} messageId={reference.message_id} />}
    </div>
  )
}

function Origin({ channelId, messageId }: { channelId: string; messageId: string | undefined }) {
  const store = useGuildStore()
  const channel = useGuild((snapshot) => snapshot.view.channels[channelId])
  const at = messageId === undefined ? null : snowflakeTime(messageId)
  const when = at === null ? '' : `${dayName(at)}, ${clockTime(at)}`
  return (
    <p className="mt-0.5 flex flex-wrap gap-x-1.5 text-xs text-ink-3">
      {channel === undefined ? (
        <span>From elsewhere</span>
      ) : (
        <Link
          to="/guilds/$guildId/channels/$channelId"
          params={{ guildId: store.guildId, channelId }}
          className="text-link"
        >
          #<bdi>{channel.name}</bdi>
        </Link>
      )}
      {when !== '' && <span className="tabular-nums">{when}</span>}
    </p>
  )
}
