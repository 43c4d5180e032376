import type { Figures } from '@repo/discord-integration/types'
import { count } from '../../live/format.ts'
import { latency, NOT_KNOWN } from './ops-format.ts'
import { sessionFor, shardCondition } from './ops-words.ts'
import { ConditionCell, NoRows, TableCard } from './table.tsx'

/** @param isNow whether the figures are of now, or the last that are known. */
export function ShardsTable({ figures, isNow }: { figures: Figures; isNow: boolean }) {
  const { shards, shards_total: total, ts } = figures
  const note = shards.length < total ? `${count(shards.length)} of ${count(total)}` : count(total)
  return (
    <TableCard title="Shards" note={note}>
      <thead>
        <tr>
          <th className="text-end">No.</th>
          <th>State</th>
          <th className="text-end">Ping</th>
          <th className="text-end">Resumes</th>
          <th className="text-end">Identifies today</th>
          <th className="text-end">Servers</th>
          <th className="text-end">Session for</th>
          <th>Last event</th>
        </tr>
      </thead>
      <tbody>
        {shards.length === 0 && <NoRows columns={8}>No session with Discord has been opened yet</NoRows>}
        {shards.map((shard) => (
          <tr key={shard.id}>
            <td className="text-end font-strong">{shard.id}</td>
            <ConditionCell condition={shardCondition(shard, isNow)} />
            <td className="text-end">{shard.ping_ms === null ? NOT_KNOWN : latency(shard.ping_ms)}</td>
            <td className="text-end">{count(shard.resumes)}</td>
            <td className="text-end">{count(shard.identifies)}</td>
            <td className="text-end">{count(shard.guilds)}</td>
            <td className="text-end">{sessionFor(shard, ts)}</td>
            <td className="font-code text-2xs text-ink-2">{shard.last_event_id ?? NOT_KNOWN}</td>
          </tr>
        ))}
      </tbody>
    </TableCard>
  )
}
