/** Who is in which voice channel, and the session that brought them there. */
type VoiceState = { user_id?: unknown; channel_id?: unknown; session_id?: unknown }

/** A guild's voice states, folded as a page does. */
export class Voice {
  readonly #states = new Map<string, string>()

  take(event: string, payload: { voice_states?: VoiceState[] } & VoiceState): void {
    if (event === 'GUILD_CREATE') this.#replace(payload.voice_states ?? [])
    else if (event === 'GUILD_DELETE') this.#states.clear()
    else if (event === 'VOICE_STATE_UPDATE') this.#put(payload)
  }

  /** One line a state, in an order of their own: equal where the states are. */
  get lines(): string[] {
    return Array.from(this.#states, ([user, state]) => `${user} ${state}`).sort()
  }

  #replace(states: readonly VoiceState[]): void {
    this.#states.clear()
    for (const state of states) this.#put(state)
  }

  #put({ user_id, channel_id, session_id }: VoiceState): void {
    if (channel_id === null) this.#states.delete(String(user_id))
    else this.#states.set(String(user_id), JSON.stringify([channel_id, session_id]))
  }
}
