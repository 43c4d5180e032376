import { crc32 } from 'node:zlib'
import { Damage } from './result.ts'

/**
 * What was written as JSON. SQLite has no sums over what it stores, so a flipped bit may come to light only here.
 *
 * @throws {Damage}
 */
export function readJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new Damage('a row of the log is not what was written')
  }
}

type Value = string | number | null

/** The sum of a row's values, as it is kept beside them. The last may be long and has no end to be told. */
export function sumOf(...values: readonly Value[]): number {
  return sumWith(values.slice(0, -1), String(values.at(-1)))
}

/** The same where the last is at hand in bytes. */
export function sumWith(values: readonly Value[], last: string | Uint8Array): number {
  return crc32(last, crc32(JSON.stringify(values)))
}

/**
 * @param sum null in rows of an earlier release, which had none.
 * @throws {Damage} when the values are not those that were written.
 */
export function requireSum(sum: number | null, ...values: readonly Value[]): void {
  if (sum !== null && sum !== sumOf(...values)) throw new Damage('a row of the log is not what was written')
}
