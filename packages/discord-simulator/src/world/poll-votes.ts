import type { APIPoll } from 'discord-api-types/v10'

/** Who voted for what in the polls of all messages. */
export class PollVotes {
  readonly #votes = new Map<string, Map<number, Set<string>>>()
  readonly #viewer: string

  /** @param viewerId whose votes are `me_voted`: the bot's */
  constructor(viewerId: string) {
    this.#viewer = viewerId
  }

  add(messageId: string, answerId: number, userId: string): void {
    const ofMessage = this.#votes.get(messageId) ?? new Map<number, Set<string>>()
    this.#votes.set(messageId, ofMessage)
    const voters = ofMessage.get(answerId) ?? new Set<string>()
    ofMessage.set(answerId, voters)
    voters.add(userId)
  }

  remove(messageId: string, answerId: number, userId: string): void {
    this.#votes.get(messageId)?.get(answerId)?.delete(userId)
  }

  forget(messageId: string): void {
    this.#votes.delete(messageId)
  }

  /** In the order in which they voted. */
  voters(messageId: string, answerId: number): string[] {
    return [...(this.#votes.get(messageId)?.get(answerId) ?? [])]
  }

  /** What somebody has voted for. */
  of(messageId: string, userId: string): number[] {
    return [...(this.#votes.get(messageId) ?? [])].flatMap(([id, voters]) => (voters.has(userId) ? [id] : []))
  }

  /** A poll with its results as they stand: https://docs.discord.com/developers/resources/poll#poll-results-object */
  counted(messageId: string, poll: APIPoll): APIPoll {
    if (poll.results?.is_finalized) return poll
    const answer_counts = poll.answers.flatMap(({ answer_id: id }) => {
      const voters = this.#votes.get(messageId)?.get(id)
      return voters?.size ? [{ id, count: voters.size, me_voted: voters.has(this.#viewer) }] : []
    })
    return { ...poll, results: { answer_counts, is_finalized: false } }
  }
}
