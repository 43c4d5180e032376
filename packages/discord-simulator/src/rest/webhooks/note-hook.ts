import { AuditLogEvent } from 'discord-api-types/v10'
import { changesBetween } from '../audit/changes.ts'
import type { RestContext } from '../route.ts'

/** What of a webhook the log tells, whatever its kind. */
export interface LoggedHook {
  id: string
  type: number
  guild_id: string
  channel_id: string
  name: string
  avatar: string | null
}

const LOGGED = ['type', 'channel_id', 'name', 'avatar_hash', 'application_id']

/** WEBHOOKS_UPDATE says no more than where: who did what to which webhook stands in the log alone. */
export function noteHook({ note }: RestContext, before: LoggedHook | undefined, after: LoggedHook | undefined): void {
  const hook = after ?? before
  const [from, to] = [before, after].map((each) => each && { ...each, avatar_hash: each.avatar })
  const changes = changesBetween(from, to, LOGGED)
  const { WebhookCreate, WebhookUpdate, WebhookDelete } = AuditLogEvent
  const action_type = !before ? WebhookCreate : after ? WebhookUpdate : WebhookDelete
  if (hook && changes.length > 0) note(hook.guild_id, { action_type, target_id: hook.id, changes })
}
