import { embeddedJson } from '../embedded-json.ts'

/**
 * One payload of Discord's gateway, decoded.
 * https://docs.discord.com/developers/events/gateway-events#payload-structure
 */
export type Frame = {
  op: number
  d: unknown
  /** The sequence of a dispatch; null when there is none, or none that is an integer. */
  s: number | null
  /** The name of a dispatch; null when there is none, or none that is a string. */
  t: string | null
  /** A dispatch's `d` as JSON text on one line, byte for byte Discord's where it can be; null for other ops. */
  raw: string | null
}

/** How Discord writes a dispatch, up to `d`. Names with other characters, and numbers that JSON forbids, do not match. */
const DISPATCH_HEAD = /\{"t":"([A-Z0-9_]+)","s":(0|[1-9]\d{0,14}),"op":0,"d":/y

/** `null` for what is not JSON, or not an object with a numeric `op`. Never throws. */
export function decodeFrame(text: string): Frame | null {
  return decodeDispatch(text) ?? decodeAny(text)
}

function decodeDispatch(text: string): Frame | null {
  DISPATCH_HEAD.lastIndex = 0
  const head = DISPATCH_HEAD.exec(text)
  if (head === null || !text.endsWith('}')) return null
  const d = embeddedJson(text, DISPATCH_HEAD.lastIndex, text.length - 1)
  if (d === null) return null
  return { op: 0, d: d.value, s: Number(head[2]), t: head[1] ?? null, raw: d.text }
}

function decodeAny(text: string): Frame | null {
  try {
    const frame: unknown = JSON.parse(text)
    if (typeof frame !== 'object' || frame === null) return null
    const { op, d = null, s, t } = frame as { op?: unknown; d?: unknown; s?: unknown; t?: unknown }
    if (typeof op !== 'number') return null
    return {
      op,
      d,
      s: Number.isSafeInteger(s) ? Number(s) : null,
      t: typeof t === 'string' ? t : null,
      raw: op === 0 ? JSON.stringify(d) : null,
    }
  } catch {
    return null
  }
}
