import { setResponseHeader, setResponseStatus } from '@tanstack/react-start/server'
import type { z } from 'zod'
import type { OpsReport } from '../../ops-report.ts'
import { viewerOf } from '../auth/viewer.server.ts'
import { boot } from '../boot.server.ts'
import { FunctionError, functionErrors } from '../function-error.ts'
import type { FunctionErrorCode } from '../function-error.ts'
import type { LatencyInput, OpsInput } from './ops-inputs.ts'
import { mayOperate } from './ops-users.ts'

/** @throws {FunctionError} NOT_FOUND for who may not: there is no such page for them. */
export async function readOps(headers: Headers, { range, has }: z.output<typeof OpsInput>): Promise<OpsReport> {
  const { ops, config } = boot()
  const userId = await userOf(headers)
  if (!mayOperate(config, userId)) throw refused('NOT_FOUND')
  const wait = ops.looks.take(userId)
  if (wait !== null) throw tooOften(wait)
  return await ops.reader.read(range, has)
}

/** @throws {FunctionError} */
export async function takeLatency(headers: Headers, { counts }: z.output<typeof LatencyInput>): Promise<void> {
  const { ops } = boot()
  const userId = await userOf(headers)
  const wait = ops.reports.take(userId)
  if (wait !== null) throw tooOften(wait)
  ops.latency.take(userId, counts)
}

async function userOf(headers: Headers): Promise<string> {
  const viewer = await viewerOf(headers, boot())
  if (!viewer) throw refused('UNAUTHORIZED')
  return viewer.user.id
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
