import { setResponseHeader, setResponseStatus } from '@tanstack/react-start/server'
import { viewerOf } from './auth/viewer.server.ts'
import { boot } from './boot.server.ts'
import { FunctionError, functionErrors } from './function-error.ts'
import type { Identity } from './function-results.ts'
import type { FunctionContext } from './functions.server.ts'
import { sendGatewayCommand } from './init/gateway-client-init.server.ts'

/** A page that is opened while web or the gateway is starting waits for the guilds this long. */
const STATE_WAIT_MS = 3_000
const STATE_POLL_MS = 50
/** Whoever asks again has waited for the guilds already. */
const RETRY_AFTER_SECONDS = '2'

export function whoIs(headers: Headers): Identity {
  const { config } = boot()
  return { user: viewerOf(headers, config)?.user ?? null, demo: config.demo }
}

/** @throws {FunctionError} UNAUTHORIZED; GATEWAY_AWAY while web knows no guilds because it was never linked. */
export async function requireContext(headers: Headers): Promise<FunctionContext> {
  const { config, gateway } = boot()
  if (!viewerOf(headers, config)) throw refusedPage('UNAUTHORIZED')
  const deadline = Date.now() + STATE_WAIT_MS
  while (!gateway.feed.ready && Date.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, STATE_POLL_MS))
  }
  if (!gateway.feed.ready) {
    setResponseHeader('Retry-After', RETRY_AFTER_SECONDS)
    throw refusedPage('GATEWAY_AWAY')
  }
  return { state: gateway.feed.state, send: sendGatewayCommand }
}

/** Its status is also that of a page that is being rendered: there is nothing that it could show. */
function refusedPage(code: 'UNAUTHORIZED' | 'GATEWAY_AWAY'): FunctionError {
  setResponseStatus(functionErrors[code])
  return new FunctionError(code)
}
