import type { APIMessage } from 'discord-api-types/v10'
import type { RestContext } from '../route.ts'
import type { Interaction } from './interaction.ts'

export interface Found {
  message: APIMessage
  /** Of one that only one person sees: the interaction that it answers, and that keeps it. */
  home: Interaction | undefined
}

/** A message of a channel's history, or one that an answer has shown there to one person. */
export function messageAt({ world, records }: RestContext, channelId: string, id: string): Found | undefined {
  const found = world.messages.get(channelId, id)
  if (found) return { message: found, home: undefined }
  const home = [...records.interactions.values()].find((one) => one.channelId === channelId && one.ephemeral.has(id))
  const message = home?.ephemeral.get(id)
  return message && { message, home }
}
