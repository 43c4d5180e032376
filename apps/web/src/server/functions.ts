import { createMiddleware, createServerFn } from '@tanstack/react-start'
import { getRequest } from '@tanstack/react-start/server'
import { howToSignIn, requireContext, whoIs } from './function-context.server.ts'
import { ChannelMessagesInput, input, SendMessageInput } from './function-inputs.ts'
import type { GuildSummary, Identity, SendOutcome, SignInOptions } from './function-results.ts'
import * as server from './functions.server.ts'

export type { DemoPerson, GuildSummary, Identity, SendOutcome, SignInOptions } from './function-results.ts'

/** Every function but the first two is for those who are signed in; others get `UNAUTHORIZED`. */
const signedIn = createMiddleware({ type: 'function' }).server(async ({ next }) =>
  next({ context: await requireContext(getRequest().headers) }),
)

export const whoAmI = createServerFn({ method: 'GET' }).handler((): Promise<Identity> => whoIs(getRequest().headers))

/** What a page shows to somebody who is not signed in. */
export const signInOptions = createServerFn({ method: 'GET' }).handler((): SignInOptions => howToSignIn())

/** The guilds that the viewer may see, by name. */
export const listGuilds = createServerFn({ method: 'GET' })
  .middleware([signedIn])
  .handler(({ context }): Promise<GuildSummary[]> => server.listGuilds(context))

/** A channel's or thread's messages, newest first, as Discord has them. */
export const getChannelMessages = createServerFn({ method: 'GET' })
  .middleware([signedIn])
  .validator(input(ChannelMessagesInput))
  .handler(({ context, data }) => server.getChannelMessages(context, data))

/** Has the bot write a message. It comes back over the stream as an event like any other. */
export const sendMessage = createServerFn({ method: 'POST' })
  .middleware([signedIn])
  .validator(input(SendMessageInput))
  .handler(({ context, data }): Promise<SendOutcome> => server.sendMessage(context, data))
