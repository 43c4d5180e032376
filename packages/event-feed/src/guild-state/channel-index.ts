/**
 * Whose a channel or a thread is, without a look into every guild. Discord gives an id once; were two guilds to have one
 * all the same, it would be nobody's, since this is asked to decide who may.
 */
export class ChannelIndex {
  /** A guild alone is by far the most usual, so it takes no list: there are as many of these as channels. */
  readonly #guilds = new Map<string, string | readonly string[]>()

  /** Null for a channel that no guild has, or that several have. */
  guildOf(channelId: string): string | null {
    const [first = null, ...others] = this.#listed(channelId)
    return others.every((guildId) => guildId === first) ? first : null
  }

  /** To be told of each collection that the channel comes into, since `remove` takes back one at a time. */
  add(channelId: string, guildId: string): void {
    this.#set(channelId, [...this.#listed(channelId), guildId])
  }

  remove(channelId: string, guildId: string): void {
    const listed = this.#listed(channelId)
    const index = listed.indexOf(guildId)
    if (index !== -1) this.#set(channelId, listed.toSpliced(index, 1))
  }

  #listed(channelId: string): readonly string[] {
    const known = this.#guilds.get(channelId) ?? []
    return typeof known === 'string' ? [known] : known
  }

  #set(channelId: string, guildIds: readonly string[]): void {
    const [first] = guildIds
    if (first === undefined) this.#guilds.delete(channelId)
    else this.#guilds.set(channelId, guildIds.length === 1 ? first : guildIds)
  }
}
