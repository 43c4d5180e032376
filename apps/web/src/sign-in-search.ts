import { z } from 'zod'

/** The address of the page that is for signing in alone. */
export const SIGN_IN = '/sign-in'

/** Why a sign-in came to nothing, as the server says it in that address. */
export const SignInProblemSchema = z.enum(['cancelled', 'interrupted', 'discord', 'busy', 'not-set-up'])

export type SignInProblem = z.output<typeof SignInProblemSchema>

const SearchSchema = z.object({
  problem: SignInProblemSchema.optional().catch(undefined),
  /** Where to go afterwards. The server takes a path of this site alone. */
  to: z.string().optional().catch(undefined),
})

export const signInSearch = (search: unknown): z.output<typeof SearchSchema> => SearchSchema.parse(search)
