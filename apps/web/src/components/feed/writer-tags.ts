import type { APIMessage } from 'discord-api-types/v10'
import { messageFlag } from '../../live/view/discord-values.ts'

/** What stands beside a name that is no person's. */
export function writerTags(payload: APIMessage, isBot: boolean): string[] {
  const { webhook_id: webhook, application_id: application, author, flags = 0 } = payload
  if (author.system === true) return ['SYSTEM']
  // From a channel of another server, which this one follows.
  if ((flags & messageFlag.isCrosspost) !== 0) return ['FOLLOWED']
  // What a bot answers to a command comes by a webhook too.
  if (webhook !== undefined && application === undefined) return ['WEBHOOK']
  return isBot ? ['BOT'] : []
}
