import { z } from 'zod'
import { compareSnowflakes, timestampOf } from '../../snowflake.ts'
import type { Thread } from '../../world/types.ts'
import { integer, snowflake, text } from '../form.ts'
import { flag, ids } from './query.ts'
import { DEFAULT_SLOP, distanceIn } from './text.ts'

/** The parameters of `thread_search` in https://github.com/discord/discord-api-spec; Discord's pages say nothing of it. */
export const threadQuery = z.object({
  name: text(100).optional(),
  slop: integer(0, 100).default(DEFAULT_SLOP),
  min_id: snowflake.optional(),
  max_id: snowflake.optional(),
  tag: ids(20).optional(),
  tag_setting: z.enum(['match_all', 'match_some']).default('match_some'),
  archived: flag.optional(),
  sort_by: z.enum(['relevance', 'creation_time', 'last_message_time', 'archive_time']).default('last_message_time'),
  sort_order: z.enum(['asc', 'desc']).default('desc'),
  limit: integer(1, 25).default(25),
  offset: integer(0, 9_975).default(0),
})
type Query = z.infer<typeof threadQuery>

export const THREAD_LISTS: ReadonlySet<string> = new Set(['tag'])

function isSought(query: Query, { id, applied_tags, thread_metadata }: Thread): boolean {
  const has = (tag: string) => applied_tags?.includes(tag) ?? false
  return (
    (query.max_id === undefined || compareSnowflakes(id, query.max_id) < 0) &&
    (query.min_id === undefined || compareSnowflakes(id, query.min_id) > 0) &&
    (!query.tag || (query.tag_setting === 'match_all' ? query.tag.every(has) : query.tag.some(has))) &&
    (query.archived === undefined || query.archived === (thread_metadata?.archived === true))
  )
}

/** When, in ms, for each way of sorting by time. */
const TIMES: Readonly<Record<Exclude<Query['sort_by'], 'relevance'>, (thread: Thread) => number>> = {
  creation_time: ({ id }) => timestampOf(id),
  last_message_time: ({ id, last_message_id }) => timestampOf(last_message_id ?? id),
  archive_time: ({ thread_metadata }) => Date.parse(thread_metadata?.archive_timestamp ?? '') || 0,
}

/** Those that are sought, in the order that is asked for. */
export function searchedThreads(query: Query, threads: readonly Thread[]): Thread[] {
  const { name, slop, sort_by, sort_order } = query
  const found = threads.flatMap((thread) => {
    if (!isSought(query, thread)) return []
    const distance = name === undefined ? 0 : distanceIn(thread.name ?? '', name, slop)
    return distance === undefined ? [] : [{ thread, distance }]
  })
  const newest = (a: Thread, b: Thread) => compareSnowflakes(b.id, a.id)
  if (sort_by === 'relevance')
    return found.toSorted((a, b) => a.distance - b.distance || newest(a.thread, b.thread)).map(({ thread }) => thread)
  const timeOf = TIMES[sort_by]
  const sorted = found.map(({ thread }) => thread).toSorted((a, b) => timeOf(b) - timeOf(a) || newest(a, b))
  return sort_order === 'asc' ? sorted.toReversed() : sorted
}
