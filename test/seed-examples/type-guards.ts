import {
  isEventMessage,
  isCommandMessage,
  isAckMessage,
  isErrorMessage,
  type GatewayServiceMessage,
} from '@repo/discord-integration/types'

/** The seed's *Type Guards*. */
export function example(message: GatewayServiceMessage): void {
  // Example usage
  if (isEventMessage(message)) {
    // TypeScript knows message is GatewayServiceEventMessage
    const { event, payload } = message.data
    console.log(`Received ${event} event`)
    void payload
  }
}

export const guards = { isEventMessage, isCommandMessage, isAckMessage, isErrorMessage }
