import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { uptime } from 'node:os'

/** How far two computations of the moment of one boot may lie apart: clocks are set while a machine runs. */
const SAME_BOOT_MS = 60_000

/**
 * What names the machine's present boot: what was written under another one may have been lost with the power.
 * https://www.kernel.org/doc/html/latest/admin-guide/sysctl/kernel.html#random; elsewhere, the time of the boot.
 */
export function bootId(): string {
  try {
    if (process.platform === 'linux') return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
    if (process.platform === 'darwin') {
      return execFileSync('/usr/sbin/sysctl', ['-n', 'kern.bootsessionuuid'], { encoding: 'utf8' }).trim()
    }
  } catch {
    // A machine that does not say.
  }
  return `at ${Math.round((Date.now() - uptime() * 1_000) / SAME_BOOT_MS)}`
}
