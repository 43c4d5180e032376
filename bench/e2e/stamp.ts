/* A message's content begins with the time at which it was sent, by the clock that all processes of a machine share. */

/** As it is found in an event's bytes. */
const STAMP = /"content":"@(\d+)@/g

/** Longer than a stamp is. */
const STAMP_CHARS = 64

export function stamped(content: string): string {
  const stamp = `@${process.hrtime.bigint()}@`
  return stamp + content.slice(stamp.length)
}

/** Finds how long each message was under way, in ms, wherever the stream of bytes is cut. */
export function stampReader(found: (tookMs: number) => void): (part: Buffer) => void {
  let rest = ''
  return (part) => {
    const now = process.hrtime.bigint()
    const text = rest + part.toString('latin1')
    let read = 0
    for (const match of text.matchAll(STAMP)) {
      found(Number(now - BigInt(match[1] ?? 0)) / 1e6)
      read = match.index + match[0].length
    }
    rest = text.slice(Math.max(read, text.length - STAMP_CHARS))
  }
}
