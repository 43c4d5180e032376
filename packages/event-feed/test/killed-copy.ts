import { copyFileSync, existsSync } from 'node:fs'
import { HighWater } from '../src/sqlite/high-water.ts'

/** A log's files, copied as a process leaves them that is killed now. Answers the copy's path. */
export function killedCopy(path: string, to: string): string {
  for (const suffix of ['', '-wal']) if (existsSync(path + suffix)) copyFileSync(path + suffix, to + suffix)
  copyMark(path, to)
  return to
}

/** A log's mark beside another, in place of that one's own. */
export function copyMark(path: string, to: string): void {
  const mark = HighWater.fileOf(path)
  if (mark !== null) copyFileSync(mark, HighWater.fileOf(to) ?? `${to}.high.1`)
}
