import type { LogRow } from '../../live/log/event-log.ts'
import { ChannelOfEvent } from './channel-of-event.tsx'
import { Payload } from './payload.tsx'
import { Trip } from './trip.tsx'

/** An event's way, hop by hop, the way to its channel, and what it carries, as Discord wrote it. */
export function EventDetail({ row }: { row: LogRow }) {
  return (
    <div className="border-b border-line bg-canvas py-2.5 ps-[17px] pe-3.5 shadow-[inset_3px_0_0_var(--live)]">
      {row.times !== null && <Trip id={row.id} times={row.times} />}
      <ChannelOfEvent channelId={row.channelId} />
      <Payload payload={row.payload} />
    </div>
  )
}
