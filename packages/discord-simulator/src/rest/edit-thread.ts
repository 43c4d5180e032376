import { ChannelFlags, PermissionFlagsBits as Bit } from 'discord-api-types/v10'
import { z } from 'zod'
import { isoTime } from '../world/compose.ts'
import type { Guild, Thread } from '../world/types.ts'
import type { World } from '../world/world.ts'
import { need } from './access.ts'
import { refusal } from './errors.ts'
import { checkTags, tagsBody } from './forum.ts'
import { maybe, readForm, text } from './form.ts'
import { ok } from './route.ts'
import type { RestContext, RestRequest } from './route.ts'

const threadBody = z.looseObject({
  name: maybe(text(100, 1)),
  archived: maybe(z.boolean()),
  locked: maybe(z.boolean()),
  auto_archive_duration: maybe(z.literal([60, 1_440, 4_320, 10_080])),
  rate_limit_per_user: maybe(z.int().min(0).max(21_600)),
  invitable: maybe(z.boolean()),
  applied_tags: maybe(tagsBody),
  flags: maybe(z.int().nonnegative()),
})

const MODERATED: ReadonlySet<string> = new Set(['locked', 'rate_limit_per_user', 'flags'])

/**
 * What it takes to change a thread: in a locked one, or of what moderators decide, MANAGE_THREADS; to open it, to be able
 * to write in it; for all else that one has begun it, or MANAGE_THREADS.
 * https://docs.discord.com/developers/topics/threads#editing-deleting-threads
 */
function checkMay(world: World, thread: Thread, has: bigint, body: z.infer<typeof threadBody>): void {
  const said = Object.entries(body).flatMap(([key, value]) => (value === undefined ? [] : [key]))
  const isModerating = thread.thread_metadata?.locked || said.some((key) => MODERATED.has(key))
  const isOpening = body.archived === false && said.length === 1
  if (isModerating) need(has, Bit.ManageThreads)
  else if (isOpening) need(has, Bit.SendMessagesInThreads)
  else if (thread.owner_id !== world.bot.id) need(has, Bit.ManageThreads)
}

/** https://docs.discord.com/developers/resources/channel#modify-channel (thread) */
export function editThread(
  { world, emit }: RestContext,
  request: RestRequest,
  { guild, thread, has }: { guild: Guild; thread: Thread; has: bigint },
) {
  const body = readForm(threadBody, request.body ?? {})
  const { name, rate_limit_per_user, applied_tags, flags, ...meta } = body
  checkMay(world, thread, has, body)
  if (applied_tags) checkTags(guild, thread, applied_tags, has)
  const before = thread.thread_metadata
  if (before?.archived && meta.archived !== false) throw refusal.threadArchived()
  const { archived, locked, auto_archive_duration, invitable } = meta
  const said = { archived, locked, auto_archive_duration, invitable }
  const change = Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined))
  // https://docs.discord.com/developers/topics/threads#thread-fields
  const isTimed =
    (archived !== undefined && archived !== before?.archived) ||
    (auto_archive_duration !== undefined && auto_archive_duration !== Number(before?.auto_archive_duration))
  const archive_timestamp = isTimed ? isoTime(world.clock.now()) : before?.archive_timestamp
  const payload = {
    ...thread,
    ...(name !== undefined && { name }),
    ...(rate_limit_per_user !== undefined && { rate_limit_per_user }),
    ...(applied_tags && { applied_tags }),
    // Of a thread's flags only this one can be set: it is pinned in its forum.
    ...(flags !== undefined && { flags: flags & ChannelFlags.Pinned }),
    thread_metadata: { ...before, ...change, archive_timestamp },
  }
  emit({ event: 'THREAD_UPDATE', payload })
  return ok(world.channel(thread.id)?.channel)
}
