/** What a backend is told, of whichever contender. */
export type WebSetup = {
  gatewayUrl: string
  linkToken: string
  guildId: string
  /** Members of that guild. */
  people: readonly Person[]
  /** How much the log holds from which those who are behind are told the rest, if not as much as by default. */
  retentionMib?: number
  /** What outlives the process. */
  folder: string
  /** Where it listens; where there is room, when nobody says. */
  port?: number
}

export type Person = { id: string; username: string }

export type WebAnswers = {
  /** Answers once it knows what there is to know. */
  port: () => Promise<number>
  /** What the process holds in memory, in bytes, without garbage. */
  memory: () => number
  /** What the browsers of each of the people send as `Cookie`; none, where it asks for none. */
  signIn: () => readonly string[] | Promise<readonly string[]>
}
