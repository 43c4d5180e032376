import { createServerFn } from '@tanstack/react-start'
import { getRequest } from '@tanstack/react-start/server'
import type { OpsReport } from '../../ops-report.ts'
import { input } from '../function-inputs.ts'
import { LatencyInput, OpsInput } from './ops-inputs.ts'
import { readOps, takeLatency } from './ops.server.ts'

/** How the whole runs, for those who may see it; for others it is `NOT_FOUND`. */
export const getOps = createServerFn({ method: 'GET' })
  .validator(input(OpsInput))
  .handler(({ data }): Promise<OpsReport> => readOps(getRequest().headers, data))

/** A page tells how late events reached it since it told last, as counts by bucket. For whoever is signed in. */
export const reportLatency = createServerFn({ method: 'POST' })
  .validator(input(LatencyInput))
  .handler(({ data }): Promise<void> => takeLatency(getRequest().headers, data))
