import { createMiddleware, createServerFn } from '@tanstack/react-start'
import { getRequest } from '@tanstack/react-start/server'
import type { OpsReport } from '../../ops-report.ts'
import { input } from '../function-inputs.ts'
import { LatencyInput, OpsInput } from './ops-inputs.ts'
import { operator, readOps, signedInUser, takeLatency } from './ops.server.ts'

// Before what they are given is looked at: a stranger hears nothing but that they are one.
const operators = createMiddleware({ type: 'function' }).server(async ({ next }) =>
  next({ context: { userId: await operator(getRequest().headers) } }),
)
const signedIn = createMiddleware({ type: 'function' }).server(async ({ next }) =>
  next({ context: { userId: await signedInUser(getRequest().headers) } }),
)

/** How the whole runs, for those who may see it; for others it is `NOT_FOUND`. */
export const getOps = createServerFn({ method: 'GET' })
  .middleware([operators])
  .validator(input(OpsInput))
  .handler(({ context, data }): Promise<OpsReport> => readOps(context.userId, data))

/** A page tells how late events reached it since it told last, as counts by hop and bucket. For whoever is signed in. */
export const reportLatency = createServerFn({ method: 'POST' })
  .middleware([signedIn])
  .validator(input(LatencyInput))
  .handler(({ context, data }): void => takeLatency(context.userId, data))
