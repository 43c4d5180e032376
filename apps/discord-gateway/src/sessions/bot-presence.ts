import { commands, type CommandInput } from '@repo/discord-integration/types'
import type { GatewayEventData } from '@repo/discord-integration/clients'
import type { Notes } from '@repo/event-feed'
import { GatewayOpcodes, type GatewayPresenceUpdateData, type GatewayUpdatePresence } from 'discord-api-types/v10'
import { readNote } from '../notes.ts'

/** The note. */
const KEY = 'presence'

type Presence = CommandInput<'update_presence'>
type Send = (shardId: number, payload: GatewayUpdatePresence) => void

/** The same, by the type that discord-api-types has for it. */
const asDiscords = (presence: Presence) => presence as GatewayPresenceUpdateData

/** Op 3: https://docs.discord.com/developers/events/gateway-events#update-presence */
export function presencePayload(presence: Presence): GatewayUpdatePresence {
  return { op: GatewayOpcodes.PresenceUpdate, d: asDiscords(presence) }
}

/**
 * How the bot is shown, as it was said last: over restarts too. Discord knows it for as long as a session lasts, so each that
 * begins is told anew; and what was said while a shard had none, it is told when it has one again.
 */
export class BotPresence {
  readonly #notes: Notes
  readonly #send: Send
  #current: Presence | null
  /** The shards whose sessions know the current one. */
  #told = new Set<number>()

  constructor(notes: Notes, send: Send) {
    this.#notes = notes
    this.#send = send
    this.#current = readNote(notes, KEY, commands.update_presence.payload)
  }

  /** What IDENTIFY says of it; null where nobody has said anything yet. */
  get current(): GatewayPresenceUpdateData | null {
    return this.#current && asDiscords(this.#current)
  }

  /** From now on it is this one, of which these shards have been told. @throws what the notes throw; it is so all the same. */
  set(presence: Presence, shardIds: readonly number[]): void {
    this.#current = presence
    this.#told = new Set(shardIds)
    this.#notes.set(KEY, JSON.stringify(presence))
  }

  /** To be told of every dispatch. */
  hear({ type, shardId }: Pick<GatewayEventData, 'type' | 'shardId'>): void {
    if ((type !== 'READY' && type !== 'RESUMED') || !this.#current || this.#told.has(shardId)) return
    this.#send(shardId, presencePayload(this.#current))
    this.#told.add(shardId)
  }
}
