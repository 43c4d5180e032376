import { shownThread } from '../world/threads.ts'
import { PermissionFlagsBits as Bit } from 'discord-api-types/v10'
import { z } from 'zod'
import { need } from './access.ts'
import type { ReachedInGuild } from './access.ts'
import { checkTags, tagsBody } from './forum.ts'
import { maybe, readForm, text } from './form.ts'
import { messageBody } from './message-body.ts'
import { openThread } from './open-thread.ts'
import { planMessage, postMessage } from './post-message.ts'
import type { RestContext, RestRequest } from './route.ts'

const postBody = z.looseObject({
  name: text(100, 1),
  auto_archive_duration: maybe(z.literal([60, 1_440, 4_320, 10_080])),
  rate_limit_per_user: maybe(z.int().min(0).max(21_600)),
  applied_tags: maybe(tagsBody).transform((tags) => tags ?? []),
  message: messageBody,
})

/**
 * A post in a forum: a thread with its first message, whose id is the thread's.
 * https://docs.discord.com/developers/resources/channel#start-thread-in-forum-or-media-channel
 */
export function startPost(context: RestContext, request: RestRequest, at: ReachedInGuild) {
  const { world } = context
  const { message: said, ...rest } = readForm(postBody, request.body ?? {})
  need(at.bits, Bit.SendMessages)
  checkTags(at.guild, { parent_id: at.channel.id }, rest.applied_tags, at.bits)
  const plan = planMessage(context, at, said, request.files)
  const thread = openThread(context, at, { ...rest, id: world.nextId(), type: 11 })
  const message = postMessage(context, { guild: at.guild, channel: thread }, plan, thread.id)
  return { status: 201, body: { ...shownThread(world, thread), message } }
}
