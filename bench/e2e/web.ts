/** What a backend is told, of whichever contender. */
export type WebSetup = { gatewayUrl: string; linkToken: string; guildId: string }

/** Answers once it knows what there is to know. */
export type WebAnswers = { port: () => Promise<number> }
