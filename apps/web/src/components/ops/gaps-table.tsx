import type { Figures } from '@repo/discord-integration/types'
import { Icon } from '../ui/icon.tsx'
import { duration, moment } from './ops-format.ts'
import { gapReason, gapRestored, gapUnknown, noGaps } from './ops-words.ts'
import { NoRows, TableCard } from './table.tsx'

/** @param isNow whether the figures are of now, or the last that are known. */
export function GapsTable({ figures, isNow }: { figures: Figures; isNow: boolean }) {
  const { gaps, ts } = figures
  return (
    <TableCard
      title="Gaps"
      note="last 7 days; a gap is always told to every consumer, in its place in the order"
      className="col-span-full"
    >
      <thead>
        <tr>
          <th>From</th>
          <th className="text-end">Length</th>
          <th className="text-end">Shard</th>
          <th>Reason</th>
          <th>Restored</th>
          <th>Unknown</th>
          <th>Gap record</th>
        </tr>
      </thead>
      <tbody>
        {gaps.length === 0 && <NoRows columns={7}>{noGaps(figures, isNow)}</NoRows>}
        {gaps.map((gap) => (
          <tr key={gap.id}>
            <td>{moment(gap.from, ts)}</td>
            <td className="text-end">{duration(gap.to - gap.from)}</td>
            <td className="text-end">{gap.shard ?? 'all'}</td>
            <td title={gap.detail ?? undefined}>{gapReason(gap)}</td>
            <td>{gapRestored(gap)}</td>
            <td className="text-unknown">
              <Icon name="unknown" size={14} className="me-[5px] inline-block align-[-2px]" />
              {gapUnknown(gap)}
            </td>
            <td className="font-code text-2xs text-ink-2">{gap.id}</td>
          </tr>
        ))}
      </tbody>
    </TableCard>
  )
}
