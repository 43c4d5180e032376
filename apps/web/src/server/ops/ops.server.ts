import { setResponseHeader, setResponseStatus } from '@tanstack/react-start/server'
import type { z } from 'zod'
import type { OpsReport } from '../../ops-report.ts'
import { HOPS } from '../../latency-report.ts'
import { viewerOf } from '../auth/viewer.server.ts'
import { boot } from '../boot.server.ts'
import { FunctionError, functionErrors } from '../function-error.ts'
import type { FunctionErrorCode } from '../function-error.ts'
import type { LatencyInput, OpsInput } from './ops-inputs.ts'
import { mayOperate } from './ops-users.ts'

/** @throws {FunctionError} UNAUTHORIZED */
export async function signedInUser(headers: Headers): Promise<string> {
  const viewer = await viewerOf(headers, boot())
  if (!viewer) throw refused('UNAUTHORIZED')
  return viewer.user.id
}

/** @throws {FunctionError} UNAUTHORIZED; NOT_FOUND for who may not: there is no such page for them. */
export async function operator(headers: Headers): Promise<string> {
  const userId = await signedInUser(headers)
  if (!mayOperate(boot().config, userId)) throw refused('NOT_FOUND')
  return userId
}

/** @throws {FunctionError} TOO_MANY_REQUESTS */
export async function readOps(userId: string, { range, has }: z.output<typeof OpsInput>): Promise<OpsReport> {
  const { ops } = boot()
  const wait = ops.looks.take(userId)
  if (wait !== null) throw tooOften(wait)
  return await ops.reader.read(range, has)
}

/** @throws {FunctionError} TOO_MANY_REQUESTS */
export function takeLatency(userId: string, report: z.output<typeof LatencyInput>): void {
  const { ops } = boot()
  const wait = ops.reports.take(userId)
  if (wait !== null) throw tooOften(wait)
  for (const hop of HOPS) ops.latency[hop].take(userId, report[hop])
}

function tooOften(seconds: number): FunctionError {
  setResponseHeader('Retry-After', String(seconds))
  return refused('TOO_MANY_REQUESTS')
}

/** Its status is also that of a page that is being rendered. */
function refused(code: FunctionErrorCode): FunctionError {
  setResponseStatus(functionErrors[code])
  return new FunctionError(code)
}
