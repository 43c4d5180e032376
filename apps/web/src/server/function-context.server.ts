import { setResponseHeader, setResponseStatus } from '@tanstack/react-start/server'
import { signInOptions } from './auth/sign-in-options.server.ts'
import { viewerOf } from './auth/viewer.server.ts'
import { boot } from './boot.server.ts'
import { deputyFor } from './deputy/deputy-for.server.ts'
import { FunctionError, functionErrors } from './function-error.ts'
import type { Identity, SignInOptions } from './function-results.ts'
import type { FunctionContext } from './functions.server.ts'
import { mayOperate } from './ops/ops-users.ts'

/** A page that is opened while web or the gateway is starting waits for the guilds this long. */
const STATE_WAIT_MS = 3_000
const STATE_POLL_MS = 50
/** Whoever asks again has waited for the guilds already. */
const RETRY_AFTER_SECONDS = '2'

export async function whoIs(headers: Headers): Promise<Identity> {
  const runtime = boot()
  const user = (await viewerOf(headers, runtime))?.user ?? null
  return { user, demo: runtime.config.demo, operator: user !== null && mayOperate(runtime.config, user.id) }
}

export function howToSignIn(): SignInOptions {
  const { config, gateway } = boot()
  return signInOptions(config, gateway.feed.state)
}

/** @throws {FunctionError} UNAUTHORIZED; GATEWAY_AWAY while web knows no guilds because it was never linked. */
export async function requireContext(headers: Headers): Promise<FunctionContext> {
  const runtime = boot()
  const { gateway } = runtime
  const viewer = await viewerOf(headers, runtime)
  if (!viewer) throw refusedPage('UNAUTHORIZED')
  const deadline = Date.now() + STATE_WAIT_MS
  while (!gateway.feed.ready && Date.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, STATE_POLL_MS))
  }
  if (!gateway.feed.ready) {
    setResponseHeader('Retry-After', RETRY_AFTER_SECONDS)
    throw refusedPage('GATEWAY_AWAY')
  }
  const { user, guilds } = viewer
  const isIn = new Set(guilds)
  return {
    user,
    // Where Discord said they were, and where somebody has heard of them since. Each is asked about before it is told.
    candidates: () =>
      [...gateway.feed.state.guildIds()].filter(
        (id) =>
          isIn.has(id) ||
          gateway.feed.state.get(id)?.collections.members.get(user.id) !== undefined ||
          gateway.membership.known(id, user.id) !== undefined,
      ),
    deputy: deputyFor(user.id, runtime),
    limits: runtime.limits,
    uploads: runtime.uploads,
    retryAfter: (seconds) => setResponseHeader('Retry-After', String(seconds)),
  }
}

/** Its status is also that of a page that is being rendered: there is nothing that it could show. */
function refusedPage(code: 'UNAUTHORIZED' | 'GATEWAY_AWAY'): FunctionError {
  setResponseStatus(functionErrors[code])
  return new FunctionError(code)
}
