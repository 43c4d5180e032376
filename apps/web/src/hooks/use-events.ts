import type { GatewayDispatchPayload } from 'discord-api-types/v10'
import { useEffect, useEffectEvent } from 'react'
import type { HeardEvent } from '../live/guild-store.ts'
import { useGuildStore } from './use-guild-store.ts'

type Payloads = { [Dispatch in GatewayDispatchPayload as `${Dispatch['t']}`]: Dispatch['d'] }

/** `MESSAGE_CREATE` and the others: https://docs.discord.com/developers/events/gateway-events#receive-events */
export type GuildEventName = keyof Payloads

/** An event of one of those names. Which it is, its name tells; the payload is as Discord sent it, of what one may see. */
export type GuildEvent<Name extends GuildEventName = GuildEventName> = {
  [Each in Name]: Omit<HeardEvent, 'name' | 'payload'> & { name: Each; payload: Payloads[Each] }
}[Name]

/**
 * Hears the guild's events of those names: each once and in order, as it comes, for as long as the component is there.
 * `event.replayed` tells what had happened before, and is said now to catch up, from what happens.
 */
export function useEvents<const Name extends GuildEventName>(
  names: readonly Name[],
  handler: (event: GuildEvent<Name>) => void,
): void {
  const store = useGuildStore()
  const hear = useEffectEvent((event: HeardEvent) => {
    // What Discord sends is taken to be as it documents it.
    if ((names as readonly string[]).includes(event.name)) handler(event as GuildEvent<Name>)
  })
  useEffect(() => store.onEvent((event) => hear(event)), [store])
}
