import type { z } from 'zod'
import { fault } from '../faults/fault.ts'
import type { Faults } from '../faults/faults.ts'
import { createPlan, planBody } from '../faults/plan.ts'
import type { Reply } from '../http/reply.ts'

/** What the control API does about faults: `/_simulator/faults`. Undefined if it is no such request. */
export async function answerFaults(
  faults: Faults,
  method: string | undefined,
  path: string,
  read: <T>(shape: z.ZodType<T>) => Promise<T>,
): Promise<Reply | undefined> {
  if (path === '/faults') {
    if (method === 'GET') return { status: 200, body: faults.active() }
    if (method === 'POST') {
      const asked = await read(fault)
      if (!faults.isPlaced(asked))
        return { status: 404, body: { message: 'No open connection of that number or shard.' } }
      return { status: 201, body: faults.inject(asked) }
    }
    if (method === 'DELETE') {
      faults.lift()
      return { status: 204 }
    }
  }
  if (path === '/faults/plan' && method === 'POST') {
    const plan = createPlan(await read(planBody))
    faults.play(plan)
    return { status: 201, body: plan }
  }
  const [, id] = /^\/faults\/(\d+)$/.exec(path) ?? []
  if (id === undefined || method !== 'DELETE') return undefined
  return faults.lift(Number(id)) ? { status: 204 } : { status: 404, body: { message: `No fault ${id} lasts.` } }
}
