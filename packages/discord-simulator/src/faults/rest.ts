import type { Reply } from '../http/reply.ts'
import type { FaultOf } from './fault.ts'
import type { Faults } from './faults.ts'

/** Whether a path is one of a route's; places begin with a colon. */
function isOn(route: string, path: string): boolean {
  const given = path.split('/')
  const segments = route.split('/')
  return segments.length === given.length && segments.every((s, i) => (s.startsWith(':') ? given[i] : s === given[i]))
}

/** https://docs.discord.com/developers/topics/rate-limits#exceeding-a-rate-limit */
function limited({ retry_after, scope }: FaultOf<'rest'>): Reply {
  const isGlobal = scope === 'global'
  return {
    status: 429,
    headers: {
      'Retry-After': String(Math.ceil(retry_after)),
      'X-RateLimit-Scope': scope,
      ...(isGlobal && { 'X-RateLimit-Global': 'true' }),
    },
    body: { message: 'You are being rate limited.', retry_after, global: isGlobal },
  }
}

/**
 * Stands before REST: lets a request through, or answers it wrongly. A request that hangs is never answered; its client
 * gives up, or the simulator ends.
 */
export async function withFaults(
  faults: Faults,
  request: { method?: string | undefined },
  path: string,
  answer: () => Promise<Reply>,
): Promise<Reply> {
  if (faults.isQuiet) return answer()
  const fits = ({ method, route }: FaultOf<'rest'>) =>
    (!method || method === request.method) && (!route || isOn(route, path.replace(/^\/api(\/v\d+)?/, '')))
  const fault = faults.take('rest', fits)
  if (!fault) return answer()
  if (fault.acts) await answer()
  if (fault.answer === 'hang') return new Promise(() => {})
  if (fault.answer === 429) return limited(fault)
  return { status: fault.answer, body: { message: `${fault.answer}: as asked for`, code: 0 } }
}
