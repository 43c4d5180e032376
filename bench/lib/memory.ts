import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

/** Twice, for what the first time leaves to be freed. */
function collectGarbage(): void {
  collect()
  collect()
}

/** What the process holds in memory (its resident set), in bytes, once garbage is collected. */
export function memoryBytes(): number {
  collectGarbage()
  return process.memoryUsage.rss()
}

/** What of it is in use, in bytes: V8 keeps more for what is to come, as much as there once was. */
export function usedBytes(): number {
  collectGarbage()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}
