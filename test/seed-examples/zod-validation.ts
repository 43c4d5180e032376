import { GatewayServiceMessageSchema } from '@repo/discord-integration/types'

/** The seed's *Zod Validation*. */
export function example(parsed: unknown) {
  const result = GatewayServiceMessageSchema.safeParse(parsed)

  if (!result.success) {
    console.error('Invalid message:', result.error)
    return
  }

  const message = result.data // Fully typed!
  return message
}
