import {
  GatewayServiceCommandMessageSchema,
  GatewayServiceV2CommandMessageSchema,
  LinkError,
  RequestIdSchema,
  type GatewayServiceV2CommandMessage,
} from '@repo/discord-integration/types'
import type { LinkVersion } from '../command-origin.ts'
import { issuesOf, refusalOf } from '../issues.ts'

const SCHEMAS = { 1: GatewayServiceCommandMessageSchema, 2: GatewayServiceV2CommandMessageSchema }

export type ReadCommand =
  | { ok: true; message: GatewayServiceV2CommandMessage }
  /** `requestId` where the message had one that could be read. */
  | { ok: false; error: LinkError; requestId: string | undefined }

/** Takes a message of a backend apart. Whatever it is, it gets an answer, and never an exception. */
export function readCommand(text: string, version: LinkVersion): ReadCommand {
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch {
    // The parser's own message quotes the text, which may be somebody's.
    return { ok: false, error: new LinkError('INVALID_JSON', 'The message is not JSON'), requestId: undefined }
  }
  const result = SCHEMAS[version].safeParse(parsed)
  if (result.success) return { ok: true, message: result.data }
  const issues = issuesOf(result.error, [])
  return { ok: false, error: refusalOf('INVALID_MESSAGE', 'Not a command', issues), requestId: requestIdOf(parsed) }
}

function requestIdOf(parsed: unknown): string | undefined {
  if (typeof parsed !== 'object' || parsed === null || !('requestId' in parsed)) return undefined
  return RequestIdSchema.safeParse(parsed.requestId).data
}
