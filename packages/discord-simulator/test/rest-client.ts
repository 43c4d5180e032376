import { expect } from 'vitest'
import type { Simulator } from '../src/index.ts'
import { ROUTES } from '../src/rest/routes/all.ts'
import { faultsOf, isDescribed } from './spec.ts'

export interface Answer {
  status: number
  // Tests look into answers of all kinds; what they expect there is what they assert.
  // oxlint-disable-next-line typescript/no-explicit-any
  body: any
  headers: Headers
}

const patternOf = (path: string) =>
  new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/:[a-z_]+/g, '(?!@(?:me|original)(?:/|$))[^/]+')}$`)
const placesOf = (path: string) => path.split(':').length
const PATTERNS = ROUTES.map((route) => ({ route, pattern: patternOf(route.path) })).toSorted(
  (a, b) => placesOf(a.route.path) - placesOf(b.route.path),
)

/** The path of the simulator's route that a request is for. */
export const routeOf = (method: string, path: string) =>
  PATTERNS.find(({ route, pattern }) => route.method === method && pattern.test(path))?.route

/** A REST client that holds every answer against Discord's own description of it. */
export function restClient(simulator: Simulator, authorization = `Bot ${simulator.botToken}`) {
  return async (
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer> => {
    const isForm = body instanceof FormData || body instanceof URLSearchParams
    const response = await fetch(`${simulator.apiUrl}/v10${path}`, {
      method,
      headers: {
        ...(authorization && { authorization }),
        ...(!isForm && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: isForm || typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    const text = await response.text()
    const isJson = response.headers.get('content-type') === 'application/json'
    const answered: unknown = isJson ? JSON.parse(text) : text || undefined
    const route = routeOf(method, path.split('?')[0] ?? '')
    if (route && isDescribed(method, route.path))
      expect(faultsOf(method, route.path, response.status, answered)).toBe('')
    return { status: response.status, body: answered, headers: response.headers }
  }
}
export type RestCall = ReturnType<typeof restClient>
