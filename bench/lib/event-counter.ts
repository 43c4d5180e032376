import { NEEDLE } from './messages.ts'

const needle = Buffer.from(NEEDLE)

/** Counts the events in what is read, wherever the stream of bytes is cut: how many end in each part. */
export function eventCounter(): (part: Buffer) => number {
  let rest = Buffer.alloc(0)
  return (part) => {
    const text = Buffer.concat([rest, part])
    let found = 0
    for (let at = text.indexOf(needle); at !== -1; at = text.indexOf(needle, at + 1)) found++
    rest = Buffer.from(text.subarray(-(needle.length - 1)))
    return found
  }
}
