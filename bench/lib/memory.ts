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

/** What of it is in use, in bytes: V8 keeps more for what is to come, as much as there once was. */
export function usedBytes(): number {
  collectGarbage()
  collectGarbage()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}
