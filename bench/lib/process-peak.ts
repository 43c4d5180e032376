import { readFileSync, writeFileSync } from 'node:fs'

/** What a process has held in memory at most (its resident set) since it began, or since `forgetPeak`, in bytes. */
export function processPeakBytes(pid: number): number {
  const [, kib] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1')) ?? []
  return Number(kib) * 1_024
}

/** From now on. https://man7.org/linux/man-pages/man5/proc_pid_clear_refs.5.html */
export function forgetPeak(pid: number): void {
  writeFileSync(`/proc/${pid}/clear_refs`, '5')
}
