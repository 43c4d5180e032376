import { copyFileSync, existsSync } from 'node:fs'

/** A log's files, copied as a process leaves them that is killed now. Answers the copy's path. */
export function killedCopy(path: string, to: string): string {
  for (const suffix of ['', '-wal', '.high']) if (existsSync(path + suffix)) copyFileSync(path + suffix, to + suffix)
  return to
}
