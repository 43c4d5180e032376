import type { FigureConsumer, Figures } from '@repo/discord-integration/types'
import { count } from '../../live/format.ts'
import { byteRate, late, NOT_KNOWN } from './ops-format.ts'
import { consumerCondition, consumerNames } from './ops-words.ts'
import { ConditionCell, NoRows, TableCard } from './table.tsx'

/** A bar is full at so much. */
const LAG_FULL_MS = 3_600

/** @param isNow whether the figures are of now, or the last that are known. */
export function ConsumersTable({ figures, isNow }: { figures: Figures; isNow: boolean }) {
  const { consumers, consumers_total: total } = figures
  const names = consumerNames(consumers)
  const slow = consumers.filter(({ state }) => state === 'slow').length
  return (
    <TableCard title="Consumers" note={`${count(total)} on the link${slow > 0 ? `, ${count(slow)} slow` : ''}`}>
      <thead>
        <tr>
          <th>Name</th>
          <th>State</th>
          <th className="text-end">Streams</th>
          <th className="text-end">Behind</th>
          <th className="text-end">Lag</th>
          <th>
            <span className="sr-only">Lag as a bar</span>
          </th>
          <th className="text-end">Rate</th>
        </tr>
      </thead>
      <tbody>
        {consumers.length === 0 && <NoRows columns={7}>No backend is connected</NoRows>}
        {consumers.map((consumer) => (
          <ConsumerRow key={consumer.id} consumer={consumer} name={names.get(consumer.id) ?? ''} isNow={isNow} />
        ))}
      </tbody>
    </TableCard>
  )
}

function ConsumerRow({ consumer, name, isNow }: { consumer: FigureConsumer; name: string; isNow: boolean }) {
  const { state, streams, behind, lag_ms: lagMs, bytes_per_second: bytes } = consumer
  return (
    <tr data-hot={(isNow && state === 'slow') || undefined}>
      <td className="font-strong">
        <bdi>{name}</bdi>
        {consumer.version === 1 && <span className="text-ink-3"> v1</span>}
      </td>
      <ConditionCell condition={consumerCondition(consumer, isNow)} />
      <td className="text-end">{streams === null ? NOT_KNOWN : count(streams)}</td>
      <td className="text-end">{count(behind)}</td>
      <td className="text-end">{late(lagMs)}</td>
      {/* Its figure stands beside it. */}
      {/* oxlint-disable-next-line jsx-a11y/control-has-associated-label */}
      <td className="w-[90px] min-w-[90px] pe-4">
        <svg viewBox="0 0 74 6" preserveAspectRatio="none" aria-hidden="true" className="lag-bar block h-1.5 w-full">
          <rect width={74 * Math.min(1, Math.max(0.02, lagMs / LAG_FULL_MS))} height="6" rx="1" />
        </svg>
      </td>
      <td className="text-end">{byteRate(bytes)}</td>
    </tr>
  )
}
