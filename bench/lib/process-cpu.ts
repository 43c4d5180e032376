import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

const TICKS_PER_S = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }))

/**
 * What a process has used of the CPU so far, all its threads, in microseconds, to a hundredth of a second: for one that cannot
 * be asked. https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html
 */
export function processCpuUs(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  // After the name, which may have spaces, the first is field 3; of these utime is 14 and stime 15.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return ((Number(fields[11]) + Number(fields[12])) / TICKS_PER_S) * 1e6
}
