import { isObject, objectsOf, without } from '../json.ts'
import type { JsonObject } from '../json.ts'
import type { Show } from './view.ts'

export const presenceUpdate: Show = (payload) => ({ event: 'PRESENCE_UPDATE', payload: cutPresence(payload) })

/**
 * Without the secrets by which others join somebody's party.
 * https://docs.discord.com/developers/events/gateway-events#activity-object-activity-secrets
 */
export function cutPresence(presence: JsonObject): JsonObject {
  const { activities } = presence
  if (!Array.isArray(activities)) return activities === undefined ? presence : without(presence, 'activities')
  const isOpen = activities.every((activity) => isObject(activity) && activity['secrets'] === undefined)
  return isOpen ? presence : { ...presence, activities: objectsOf(activities).map((each) => without(each, 'secrets')) }
}
