import { ChannelFlags, PermissionFlagsBits as Bit } from 'discord-api-types/v10'
import { z } from 'zod'
import { isoTime } from '../world/compose.ts'
import type { Guild, Thread } from '../world/types.ts'
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

/** https://docs.discord.com/developers/resources/channel#modify-channel (thread) */
export function editThread(
  { world, emit }: RestContext,
  request: RestRequest,
  { guild, thread, has }: { guild: Guild; thread: Thread; has: bigint },
) {
  const { name, rate_limit_per_user, applied_tags, flags, ...meta } = readForm(threadBody, request.body ?? {})
  const isOwner = thread.owner_id === world.bot.id
  if (!isOwner || meta.locked !== undefined || flags !== undefined) need(has, Bit.ManageThreads)
  if (applied_tags) checkTags(guild, thread, applied_tags, has)
  const before = thread.thread_metadata
  if (before?.archived && meta.archived !== false) throw refusal.threadArchived()
  const { archived, locked, auto_archive_duration, invitable } = meta
  const said = { archived, locked, auto_archive_duration, invitable }
  const change = Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined))
  const archive_timestamp =
    archived !== undefined && archived !== before?.archived ? isoTime(world.clock.now()) : before?.archive_timestamp
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
