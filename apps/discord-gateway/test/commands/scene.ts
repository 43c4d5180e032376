import type { commands, CommandName, CommandPayload } from '@repo/discord-integration/types'
import type { Guild, Simulator } from '@repo/discord-simulator'

/** A gateway that is ready, before a simulated Discord, and what a command's cases ask of both. */
export type Scene = {
  simulator: Simulator
  /** Tidewater Makers. */
  guild: Guild
  botId: string
  /** A command's `ack` or `error`. */
  answer: (command: string, payload: object) => Promise<Answer>
  /** What it was answered with, where that was an `ack`. Throws for an `error`. */
  ask: <Name extends CommandName>(command: Name, payload: CommandPayload<Name>) => Promise<Data>
  /** Asks the simulated Discord itself, as the bot. */
  rest: (method: string, path: string, body?: unknown) => Promise<Data>
  /** The handle of an upload of these bytes. */
  uploaded: (bytes?: Uint8Array) => Promise<string>
  /** The next event of that name. */
  nextEvent: (event: string) => Promise<Data>
  /** An event of that name that came with the answer to the last command, or comes yet: whichever is first at Discord. */
  eventAround: (event: string) => Promise<Data>
  /** Ids by name. */
  channel: (name: string) => string
  member: (username: string) => string
  role: (name: string) => string
  /** The id of somebody who has just joined, and has no roles. */
  joined: () => string
  /** The id of a role of no rights that is there for this alone. */
  roleMade: () => Promise<string>
  /** The id of a stage's channel that is there for this alone, with nobody in it. */
  stageMade: () => Promise<string>
  messagesOf: (channelName: string) => ReturnType<Simulator['world']['messages']['list']>
  /** The id of a message of the bot’s own in #build-log, that is there now. */
  written: (content: string) => Promise<string>
  /** The id of a thread in #build-log that the bot has begun, and so is in. */
  threadBegun: () => Promise<string>
  stateOf: (userId: string) => Guild['voice_states'][number] | undefined
  voiceOf: (userId: string) => string | null
}

// What Discord answers is looked into by the tests as it comes.
// oxlint-disable-next-line typescript/no-explicit-any
export type Data = Record<string, any>

export type Answer = { type: string; data: Data }

export type Case<Name extends CommandName> = {
  payload: () => Promise<CommandPayload<Name>> | CommandPayload<Name>
  /** What the ack says, and what is so at Discord then. */
  done: (data: Data, payload: CommandPayload<Name>) => void | Promise<void>
  /** Payloads for which the bot needs what the table's `permissionsIf` says, by its words. */
  needing?: Readonly<Record<string, () => object | Promise<object>>>
  /** What Discord, or we, refuse of it, by the code that is answered: those of the table's `errors`, and INVALID_PAYLOAD. */
  refused: Readonly<Record<string, () => object | Promise<object>>>
}

/** One for each command of a topic: one that is forgotten fails the type check. */
export type TopicCases<Topic extends string> = {
  [Name in CommandName as (typeof commands)[Name]['method'] extends `${Topic}.${string}` ? Name : never]: Case<Name>
}

export const nobody = '1'
export const unknownChannel = () => ({ channel_id: nobody, message_id: nobody })
