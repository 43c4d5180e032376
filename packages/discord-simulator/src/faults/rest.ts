import type { Reply } from '../http/reply.ts'
import { bucketHeaders, tooMany } from '../rest/limits/rate-limits.ts'
import type { Rest } from '../rest/rest.ts'
import { routeOf } from '../rest/rest.ts'
import type { Route } from '../rest/route.ts'
import type { FaultOf } from './fault.ts'
import type { Faults } from './faults.ts'

/** Whether a path is one of a route's; places begin with a colon. */
function isOn(route: string, path: string): boolean {
  const given = path.split('/')
  const segments = route.split('/')
  return segments.length === given.length && segments.every((s, i) => (s.startsWith(':') ? given[i] : s === given[i]))
}

/** A 429 as a bucket that is empty gives it. One that is global is of no bucket. */
function limited({ retry_after, scope }: FaultOf<'rest'>, route: Route | undefined, now: number): Reply {
  const leftMs = retry_after * 1_000
  const isBucket = scope !== 'global' && route !== undefined
  return tooMany(leftMs, scope, isBucket ? bucketHeaders(route, { remaining: 0, resetMs: now + leftMs }, now) : {})
}

/** What the faults stand before. */
export interface Behind {
  faults: Faults
  rest: Rest
  now: () => number
}

/**
 * Stands before REST, and before the page of OAuth2 beside it, which must be named: lets a request through, or answers it
 * wrongly. A request that hangs is never answered; its client gives up, or the simulator ends.
 */
export async function withFaults(
  { faults, rest, now }: Behind,
  request: { method?: string | undefined },
  path: string,
  answer: () => Promise<Reply>,
): Promise<Reply> {
  if (faults.isQuiet) return answer()
  const take = (acts: boolean) =>
    faults.take(
      'rest',
      ({ method, route, ...fault }) =>
        fault.acts === acts &&
        (!method || method === request.method) &&
        (route === undefined ? path.startsWith('/api') : isOn(route, path.replace(/^\/api(\/v\d+)?/, ''))),
    )
  const wrongly = (fault: FaultOf<'rest'>): Reply | Promise<Reply> => {
    if (fault.answer === 'hang') return new Promise(() => {})
    if (fault.answer !== 429)
      return { status: fault.answer, body: { message: `${fault.answer}: as asked for`, code: 0 } }
    const reply = limited(fault, routeOf(request.method, path), now())
    // Who goes on asking is banned for these too.
    rest.note(reply)
    return reply
  }

  const unheard = take(false)
  if (unheard) return wrongly(unheard)
  const reply = await answer()
  // What was refused, for its bucket was empty say, was not acted on: the fault waits for what is.
  const done = reply.status < 400 && take(true)
  return done ? wrongly(done) : reply
}
