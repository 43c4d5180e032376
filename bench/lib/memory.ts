import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

/** What the process holds in memory (its resident set), in bytes, once garbage is collected. */
export function memoryBytes(): number {
  collectGarbage()
  collectGarbage()
  return process.memoryUsage.rss()
}
