import type { APIMessage, APIPoll } from 'discord-api-types/v10'
import { isTrue, listOf, numberOr, textOr } from './given.ts'
import type { ReactionEmoji } from './message-reactions.ts'

export type ViewPollAnswer = {
  id: number
  text: string
  emoji: ReactionEmoji | null
  /** null where Discord did not say: https://docs.discord.com/developers/resources/poll#poll-results-object */
  count: number | null
}

export type ViewPoll = {
  question: string
  answers: readonly ViewPollAnswer[]
  /** Whether one may choose more than one. */
  several: boolean
  /** In ms since the epoch; null for one without an end. */
  endsAt: number | null
  /** It has ended, and its votes are counted for good. */
  counted: boolean
  /** Whose vote was seen to come (`true`) or to be taken back (`false`), by `<answer> <user>`: the same event twice counts once. */
  seen: Readonly<Record<string, boolean>>
}

/** @param isNew it was told as it was written: without results, nobody has voted yet. Of older ones, nobody knows. */
export function pollOf({ poll }: Pick<APIMessage, 'poll'>, isNew: boolean): ViewPoll | null {
  if (poll === undefined || poll === null) return null
  const counts = countsOf(poll)
  const none = counts !== null || isNew ? 0 : null
  const endsAt = Date.parse(textOr(poll.expiry, ''))
  return {
    question: textOr(poll.question?.text, ''),
    answers: (listOf(poll.answers) as APIPoll['answers']).map(({ answer_id, poll_media: media }) => ({
      id: numberOr(answer_id, 0),
      text: textOr(media?.text, ''),
      emoji: media?.emoji === undefined ? null : { id: media.emoji.id ?? null, name: media.emoji.name ?? null },
      count: counts?.get(answer_id) ?? none,
    })),
    several: isTrue(poll.allow_multiselect),
    endsAt: Number.isNaN(endsAt) ? null : endsAt,
    counted: isTrue(poll.results?.is_finalized),
    seen: {},
  }
}

/** Answers that nobody chose are left out of the results. */
function countsOf({ results }: APIPoll): Map<number, number> | null {
  if (results === undefined || results === null) return null
  const counts = listOf(results.answer_counts) as { id: number; count: number }[]
  return new Map(counts.map(({ id, count }) => [id, numberOr(count, 0)]))
}

export function countVote(
  poll: ViewPoll,
  { answerId, userId, added }: { answerId: number; userId: string; added: boolean },
): ViewPoll {
  const key = `${answerId} ${userId}`
  if (poll.counted || poll.seen[key] === added) return poll
  return {
    ...poll,
    answers: poll.answers.map((answer) =>
      answer.id === answerId && answer.count !== null
        ? { ...answer, count: Math.max(0, answer.count + (added ? 1 : -1)) }
        : answer,
    ),
    seen: { ...poll.seen, [key]: added },
  }
}

/** What a later form of the message says of its poll: the counts that events told stand until it tells others. */
export function laterPoll(before: ViewPoll | null, payload: Pick<APIMessage, 'poll'>): ViewPoll | null {
  const after = pollOf(payload, false)
  if (before === null || after === null) return after
  if (payload.poll?.results !== undefined) return { ...after, seen: before.seen }
  const countOf = (id: number) => before.answers.find((answer) => answer.id === id)?.count ?? null
  return {
    ...after,
    answers: after.answers.map((answer) => ({ ...answer, count: countOf(answer.id) })),
    seen: before.seen,
  }
}

/** History read while events came: what they said of it since it was first seen is not older than the page. */
export const mergePoll = (before: ViewPoll | null, fresh: ViewPoll | null): ViewPoll | null =>
  before !== null && fresh?.counted !== true && Object.keys(before.seen).length > 0 ? before : fresh
