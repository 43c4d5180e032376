import * as z from 'zod'
import { asDescribed, describedRoutes as ROUTES, routeKey, typeSchema } from '../../../test/lib/discord-spec.ts'

/**
 * What is wrong with each field. The description says that the codes in there are numbers; Discord's pages and answers
 * have words: https://docs.discord.com/developers/reference#error-messages
 */
const fieldErrors: z.ZodType = z.lazy(() =>
  z.union([
    z.strictObject({ _errors: z.array(z.strictObject({ code: z.string(), message: z.string() })).min(1) }),
    z.record(z.string(), fieldErrors),
  ]),
)
const refusal = z.union([
  z.strictObject({ code: z.int(), message: z.string(), errors: fieldErrors.optional() }),
  // Not so in the description either: https://docs.discord.com/developers/resources/invite#update-target-users
  z.strictObject({ target_users_file: z.array(z.string()).min(1) }),
])

/** Every route of Discord's description: `GET /channels/{}/messages`. */
export const describedRoutes = (): string[] => [...ROUTES.keys()]

/** How the description would write a route of ours. */
export const asDescribedRoute = (name: string): string => {
  const [method = '', path = ''] = name.split(' ')
  return routeKey(method, path)
}

/** Whether Discord's description knows the route. */
export const isDescribed = (method: string, path: string): boolean => ROUTES.has(routeKey(method, path))

/** What is wrong with an answer, in words; an empty string if nothing is. */
export function faultsOf(method: string, path: string, status: number, body: unknown): string {
  const answers = ROUTES.get(routeKey(method, path))?.answers
  if (!answers) return `${method} ${path} is no route of Discord's`
  const answer = answers.get(String(status)) ?? (status >= 400 && status < 500 ? answers.get('4XX') : undefined)
  if (answer === undefined) return `${method} ${path} never answers ${status}, only ${[...answers.keys()].join(', ')}`
  const read = (answer === 'ErrorResponse' ? refusal : typeSchema(answer)).safeParse(asDescribed(body))
  return read.success ? '' : `${method} ${path} ${status} is no ${answer}:\n${z.prettifyError(read.error)}`
}
