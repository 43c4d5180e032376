import { GatewayServiceV2MessageSchema, type GatewayServiceV2Message } from '../../types/index.ts'
import { embeddedJson } from '../embedded-json.ts'

export type DecodedMessage =
  | {
      ok: true
      message: GatewayServiceV2Message
      /** An event's payload as JSON text on one line: byte for byte the gateway's where that is possible. */
      payloadText?: string
    }
  /**
   * `issues` names the fields that are wrong, never their contents. `inStream`: it was, or may have been, an event or a sync,
   * so that something is missing without it.
   */
  | { ok: false; issues: string[]; inStream: boolean }

/** How the gateway writes an event, before and after the payload. */
const EVENT_HEAD = /\{"type":"event","data":\{"event":"([A-Z0-9_]+)","payload":/y
const EVENT_TAIL = /\},"ts":(0|[1-9]\d{0,15})(?:,"id":"([A-Za-z0-9_-]+)")?\}$/y
const TAIL_START = '},"ts":'
const BACKFILLED = ',"backfilled":true'

/** Decodes and validates one message of the link. Never throws. */
export function decodeMessage(text: string): DecodedMessage {
  const event = decodeEvent(text)
  if (event !== null) return validate(event.message, event.payloadText)
  try {
    return validate(JSON.parse(text))
  } catch {
    return { ok: false, issues: ['(not JSON)'], inStream: true }
  }
}

function validate(value: unknown, payloadText?: string): DecodedMessage {
  const parsed = GatewayServiceV2MessageSchema.safeParse(value)
  if (!parsed.success) {
    const issues = parsed.error.issues.map((issue) => issue.path.map(String).join('.') || '(root)')
    return { ok: false, issues, inStream: !isOther(value) }
  }
  const message = parsed.data
  if (message.type !== 'event') return { ok: true, message }
  return { ok: true, message, payloadText: payloadText ?? JSON.stringify(message.data.payload) ?? 'null' }
}

/** Says of itself that it is of another type: an answer, or something that a later gateway may say. */
function isOther(value: unknown): boolean {
  const type = typeof value === 'object' && value !== null && 'type' in value ? value.type : undefined
  return typeof type === 'string' && type !== 'event' && type !== 'sync'
}

function decodeEvent(text: string): { message: unknown; payloadText: string } | null {
  EVENT_HEAD.lastIndex = 0
  const head = EVENT_HEAD.exec(text)
  if (head === null) return null
  const start = EVENT_HEAD.lastIndex
  EVENT_TAIL.lastIndex = text.lastIndexOf(TAIL_START)
  const tail = EVENT_TAIL.lastIndex < start ? null : EVENT_TAIL.exec(text)
  if (tail === null) return null
  // No JSON value ends like this, so what does is a payload followed by the flag.
  const backfilled = text.endsWith(BACKFILLED, tail.index)
  const payload = embeddedJson(text, start, backfilled ? tail.index - BACKFILLED.length : tail.index)
  if (payload === null) return null
  const data = { event: head[1], payload: payload.value, ...(backfilled && { backfilled }) }
  const id = tail[2]
  return {
    message: { type: 'event', data, ts: Number(tail[1]), ...(id !== undefined && { id }) },
    payloadText: payload.text,
  }
}
