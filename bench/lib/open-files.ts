import type { BenchOptions, Hop } from './options.ts'

/** What a process has open beside the sockets of its browsers or backends, with room. */
const SPARE = 200

type HoldingOptions = Pick<BenchOptions, 'hops' | 'browsers' | 'connectBrowsers' | 'e2eBrowsers' | 'backends'>

/**
 * Node has raised its own limit as far as it may, and its children have the same.
 *
 * @throws {Error} that says what is wrong, for a person, where a process may not hold so many of either.
 */
export function checkOpenFiles(options: HoldingOptions, allowed = openFilesMax()): void {
  const { hops, browsers, connectBrowsers, e2eBrowsers, backends } = options
  const held: readonly { by: Hop; whose: string; counts: readonly number[] }[] = [
    { by: 'sse', whose: 'browsers', counts: browsers },
    { by: 'limits', whose: 'browsers', counts: browsers },
    { by: 'connect', whose: 'browsers', counts: [connectBrowsers] },
    { by: 'e2e', whose: 'browsers', counts: [e2eBrowsers] },
    { by: 'link', whose: 'backends', counts: backends },
  ]
  for (const { whose, counts } of held.filter(({ by }) => hops.includes(by))) {
    const most = Math.max(...counts)
    if (most + SPARE <= allowed) continue
    throw new Error(`${most} ${whose} are more than a process may have open files, ${allowed} (ulimit -Hn)`)
  }
}

function openFilesMax(): number {
  const report = process.report.getReport() as { userLimits?: { open_files?: { soft: number | 'unlimited' } } }
  return Number(report.userLimits?.open_files?.soft) || Infinity
}
