/** What a backend is told, of whichever contender. */
export type WebSetup = {
  gatewayUrl: string
  linkToken: string
  guildId: string
  /** Where it listens; where there is room, when nobody says. */
  port?: number
}

export type WebAnswers = {
  /** Answers once it knows what there is to know. */
  port: () => Promise<number>
  /** What the process holds in memory, in bytes, without garbage. */
  memory: () => number
}
