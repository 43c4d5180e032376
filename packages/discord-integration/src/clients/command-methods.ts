import { commands, type CommandName, type CommandPayload, type CommandResult } from '../types/index.ts'

export type SendOptions = {
  /** The same again is answered as before. Default: a new one. */
  requestId?: string
  /** How long the answer is waited for. Default: 10 s. */
  deadlineMs?: number
  /** The id of the user whom it is done for, for the gateway's audit and Discord's. */
  actor?: string | undefined
}

export type SendCommand = <Name extends CommandName>(
  command: Name,
  payload: CommandPayload<Name>,
  options?: SendOptions,
) => Promise<CommandResult<Name>>

type Table = typeof commands
type Summary<Name extends CommandName> = Table[Name]['summary']
type TopicOf<Method> = Method extends `${infer Topic}.${string}` ? Topic : never
type VerbOf<Method, Topic extends string> = Method extends `${Topic}.${infer Verb}` ? Verb : never

/** What may be said to a command. Where nothing has to be, the payload may be left out. */
type Arguments<Name extends CommandName> =
  Record<string, never> extends CommandPayload<Name>
    ? [payload?: CommandPayload<Name>, options?: SendOptions]
    : [payload: CommandPayload<Name>, options?: SendOptions]

/**
 * Sends the command and resolves to its result, as `sendCommand` does. `What`, which an editor shows with the name, says what
 * the command does.
 *
 * @throws {LinkError} as `sendCommand`.
 */
export interface CommandMethod<Name extends CommandName, What extends string = Summary<Name>> {
  (...said: Arguments<Name>): Promise<CommandResult<Name>>
  /** What it does, as the table says it. */
  readonly summary: What
}

/** A method for each command of the table, by its topic: `messages.send` sends `send_message`. */
export type CommandMethods = {
  readonly [Topic in TopicOf<Table[CommandName]['method']>]: {
    readonly [Name in CommandName as VerbOf<Table[Name]['method'], Topic>]: CommandMethod<Name, Summary<Name>>
  }
}

abstract class Methods {
  abstract sendCommand: SendCommand

  constructor() {
    const topics: Record<string, Record<string, unknown>> = {}
    for (const [name, { method, summary }] of Object.entries(commands)) {
      const [topic = '', verb = ''] = method.split('.')
      const send = (payload = {}, options?: SendOptions) => this.sendCommand(name as CommandName, payload, options)
      const verbs = (topics[topic] ??= {})
      verbs[verb] = Object.assign(send, { summary })
    }
    Object.assign(this, topics)
  }
}

/** Whoever extends it has a `sendCommand`, and gets a method for each command that goes by it. */
export const CommandClient = Methods as unknown as abstract new () => CommandMethods
