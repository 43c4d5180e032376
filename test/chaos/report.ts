import type { FaultInput } from '@repo/discord-simulator'
import type { ChaosResult } from './run.ts'

const MIB = 1_024 * 1_024

/** What a run has shown, to be read; the first line is the command that repeats it. */
export function reportOf({ options, steps, sent, consumers, catchUpMs, residentBytes, problems }: ChaosResult): string {
  const deeds = new Map<string, number>()
  for (const step of steps) {
    const what = step.what === 'fault' ? faultName(step.fault) : step.what
    const name = `${step.whom}: ${what}`
    deeds.set(name, (deeds.get(name) ?? 0) + 1)
  }
  const rows = consumers.map(({ name, account, opened, longestDelayMs }) => [
    name,
    account.seen,
    account.count('missing') + account.hidden,
    account.count('doubled'),
    account.count('out of order'),
    account.skipped,
    account.backfilled,
    account.unsettled.length,
    account.gaps,
    snapshots(account.announced),
    opened,
    `${(longestDelayMs / 1_000).toFixed(1)} s`,
  ])
  const losses = ['missing', 'doubled', 'out of order', 'announced as missing']
  const head = ['consumer', 'seen', ...losses, 'backfilled', 'unsaid', 'gaps', 'snapshots', 'streams', 'longest delay']
  return [
    commandOf(options),
    '',
    `${sent} events sent, ${(sent / (options.durationMs / 1_000)).toFixed(0)} a second; ${steps.length} deeds:`,
    ...Array.from(deeds, ([name, count]) => `  ${String(count).padStart(4)} × ${name}`).sort((a, b) =>
      a.slice(8).localeCompare(b.slice(8)),
    ),
    '',
    table([head, ...rows]),
    '',
    `the last consumer caught up ${(catchUpMs / 1_000).toFixed(1)} s after everything was let go`,
    `memory at most: ${Array.from(residentBytes, ([name, bytes]) => `${name} ${Math.round(bytes / MIB)} MiB`).join(', ')}`,
    '',
    problems.length === 0 ? 'PASSED' : `FAILED, ${problems.length} problems:\n${problems.slice(0, 40).join('\n')}`,
  ].join('\n')
}

export function commandOf({ seed, durationMs, eventsPerSecond, everyMs, dying }: ChaosResult['options']): string {
  const pace = `--minutes ${durationMs / 60_000} --rate ${eventsPerSecond} --every ${everyMs}`
  return `npm run chaos -- --seed ${seed} ${pace}${dying ? '' : ' --sessions-live'}`
}

function faultName(fault: FaultInput): string {
  const { kind, code, resumable, sessions } = { code: '', resumable: null, sessions: '', ...fault }
  const how = resumable === null ? '' : resumable ? 'resumable' : 'for good'
  return [kind, code, how, sessions && `sessions ${sessions}`].filter((word) => word !== '').join(' ')
}

/** But the first, which every new browser is given. */
function snapshots(announced: ReadonlyMap<string, number>): number {
  const told = Array.from(announced).filter(([what]) => what.startsWith('snapshot') && what !== 'snapshot fresh')
  return told.reduce((sum, [, times]) => sum + times, 0)
}

function table(rows: readonly (readonly (string | number)[])[]): string {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => String(row[column]).length))) ?? []
  return rows.map((row) => row.map((cell, column) => String(cell).padStart(widths[column] ?? 0)).join('  ')).join('\n')
}
