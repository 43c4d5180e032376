import type { BenchOptions } from './options.ts'

/** What a process has open beside the sockets of its browsers, with room. */
const SPARE = 200

/**
 * Node has raised its own limit as far as it may, and its children have the same.
 *
 * @throws {Error} that says what is wrong, for a person, where a process may not hold so many browsers.
 */
export function checkOpenFiles(
  { hops, browsers, connectBrowsers }: Pick<BenchOptions, 'hops' | 'browsers' | 'connectBrowsers'>,
  allowed = openFilesMax(),
): void {
  const most = Math.max(0, ...(hops.includes('sse') ? browsers : []), hops.includes('connect') ? connectBrowsers : 0)
  if (most + SPARE <= allowed) return
  throw new Error(`${most} browsers are more than a process may have open files, ${allowed} (ulimit -Hn)`)
}

function openFilesMax(): number {
  const report = process.report.getReport() as { userLimits?: { open_files?: { soft: number | 'unlimited' } } }
  return Number(report.userLimits?.open_files?.soft) || Infinity
}
