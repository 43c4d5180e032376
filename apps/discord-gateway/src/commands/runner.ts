import {
  commands,
  isCommandName,
  NONCE_HOLDS_MS,
  repeatableOf,
  type CommandDefinition,
  type CommandInput,
  type CommandName,
  type ErrorIssue,
  type LinkError,
  type Repeatable,
} from '@repo/discord-integration/types'
import type { z } from 'zod'
import type { CommandAudit } from '../audit.ts'
import type { AnswerAgain, CommandOrigin, LinkVersion, RunCommand } from '../command-origin.ts'
import { issuesOf, refusalOf } from '../issues.ts'
import type { DiscordApi } from './discord-api.ts'
import type { UploadStore } from '../uploads/upload-store.ts'
import type { FindUpload } from './files.ts'
import type { HandlerContext, Handlers } from './handler.ts'
import { Lanes } from './lanes.ts'
import { Once, type OutcomeStore } from './once.ts'
import { tooMuch } from './payload-size.ts'
import { requestKeys, thingKey } from './request-keys.ts'
import { restRequest } from './rest-handler.ts'
import { requireUnrevoked } from './revoked.ts'

/** How long an answer is kept for its requestId. In version 1 ids merely track, and may start over with the process. */
const OUTCOME_KEPT_MS: Record<LinkVersion, number> = { 1: 5 * 60_000, 2: 24 * 60 * 60_000 }

/**
 * For how long a command whose outcome nobody knows is done again, in ms from the first try. What is as once when it is done twice
 * is that only while nobody else has done anything since, which we know of our own commands alone: so not for long.
 */
const REPEAT_MS: Record<Repeatable, number> = { read: Infinity, idempotent: 2 * 60_000, nonce: NONCE_HOLDS_MS, no: 0 }

type Table = {
  [Name in CommandName]: Omit<CommandDefinition, 'payload'> & { payload: z.ZodType<CommandInput<Name>> }
}
const table: Table = commands

export type CommandRunnerOptions = {
  handlers: Handlers
  discord: DiscordApi
  outcomes: OutcomeStore
  /** The message that was created with a nonce since a moment, where that is known, and known in time. */
  findCreated: (nonce: string, since: number, deadlineAt: number) => Promise<string | null>
  /** What backends have uploaded. Default: nothing. */
  uploads?: Pick<UploadStore, 'find'>
  /** Tells what became of each command. */
  audit?: Pick<CommandAudit, 'asked' | 'repeated'>
  /** Hears of an outcome that could not be written down. */
  onUnkept?: (error: unknown) => void
  /** The ids of the backends that are connected, among whom the room for what waits is divided. */
  backends?: () => Iterable<string>
  now?: () => number
}

/** Carries out the commands of the table, validated, each requestId once; and tells of one what became of it, without doing it. */
export function createCommandRunner(options: CommandRunnerOptions): { run: RunCommand; again: AnswerAgain } {
  const { handlers, discord, outcomes, findCreated, uploads, audit, backends, now = Date.now } = options
  const once = new Once(outcomes, now, options.onUnkept)
  const lanes = new Lanes({ ...(backends && { backends }), now })

  const handle = async <Name extends CommandName>(name: Name, input: CommandInput<Name>, context: HandlerContext) =>
    await handlers[name](input, context)

  const run = async (name: CommandName, payload: unknown, origin: CommandOrigin): Promise<unknown> => {
    const input = validInput(name, payload)
    const repeatable = repeatableOf(name, input)
    const { fingerprint, own, other, nonce } = requestKeys(origin, [name, payload])
    const deadlineAt = (origin.begunAt ?? now()) + discord.deadlineMs
    const { backend, version, requestId, actor, consumerId, expectChunks = () => {}, isRevoked = () => false } = origin
    const action = name === 'discord_api' ? 'ask Discord' : name.replaceAll('_', ' ')
    const who = { backend, actor, consumerId, expectChunks, isRevoked }
    const context = { ...who, discord, nonce, repeatable, action, deadlineAt }
    const lane = laneOf(name, input)
    const execute = (repeated: boolean) => {
      const act = async () => {
        requireUnrevoked(isRevoked)
        const findUpload: FindUpload = (named) => uploads?.find(named, backend.id, repeated) ?? null
        return await handle(name, input, { ...context, repeated, findUpload })
      }
      return lane === null ? act() : lanes.run(lane, { backendId: backend.id, deadlineAt }, act)
    }
    // Reading again does no harm, and what was read is too much to keep.
    if (repeatable === 'read') return await execute(false)
    const keepMs = OUTCOME_KEPT_MS[version]
    // A message that is created changes nothing that there is.
    const thing = repeatable === 'nonce' ? undefined : thingKey(routeOf(name, input))
    const asked = audit?.asked(origin)
    const began = { holder: backend.id, fingerprint, keepMs, thing, asked }
    if (requestId === undefined) return await once.runUnasked({ ...began, key: own }, () => execute(false))
    // What was asked in the other version is the same request.
    const key = once.has(other, fingerprint) ? other : own
    const lookUp = async (begunAt: number) => {
      const id = repeatable === 'nonce' ? await findCreated(nonce, begunAt, deadlineAt) : null
      return id === null ? null : { success: true, message_id: id }
    }
    const onRepeat = () => audit?.repeated(origin)
    return await once.run({ ...began, key, repeatMs: REPEAT_MS[repeatable], lookUp, onRepeat }, execute)
  }

  const again: AnswerAgain = (command, payload, origin) => {
    if (!isCommandName(command) || origin.requestId === undefined) return null
    // Nothing more is read of what may be somebody's who may not: a payload that is none was never begun.
    if (typeof payload !== 'object' || payload === null || tooMuch(payload)) return null
    if (repeatableOf(command, payload) === 'read') return null
    const { fingerprint, own, other } = requestKeys(origin, [command, payload])
    const answer = once.again(own, fingerprint) ?? once.again(other, fingerprint)
    if (answer !== null) audit?.repeated(origin)
    return answer
  }

  return {
    again,
    async run(command, payload, origin) {
      if (isCommandName(command)) return await run(command, payload, origin)
      const issues = [{ path: 'data.command', message: 'expected the name of a command: list_commands tells them' }]
      throw refusalOf('UNKNOWN_COMMAND', 'No such command', issues)
    },
  }
}

/** What the bot says over its own socket is answered late, or never: it holds up nothing but its like. */
const SPOKEN: ReadonlySet<CommandName> = new Set(['update_voice_state'])

/** What commands are done in order for: a channel, or a guild. Members come when they come, and hold up nothing. */
function laneOf(name: CommandName, input: Readonly<Record<string, unknown>>): string | null {
  const { guild, repeatable, rest } = table[name]
  const place = guild === null || (repeatable === 'read' && !rest) ? undefined : input[guild]
  return typeof place === 'string' ? `${SPOKEN.has(name) ? name : guild} ${place}` : null
}

/** Which thing a command changes. Its application, where the route has one, is always the bot's. */
function routeOf(name: CommandName, input: Readonly<Record<string, unknown>>): string {
  const { rest } = table[name]
  if (name === 'discord_api') return String(input['path'])
  return rest ? restRequest(rest, { ...input, application_id: '@me' }).fullRoute : (laneOf(name, input) ?? name)
}

function validInput<Name extends CommandName>(name: Name, payload: unknown): CommandInput<Name> {
  const found = tooMuch(payload)
  if (found) throw notOne(name, [found])
  const parsed = table[name].payload.safeParse(payload)
  if (parsed.success) return parsed.data
  throw notOne(name, issuesOf(parsed.error, ['data', 'payload']))
}

function notOne(name: CommandName, issues: ErrorIssue[]): LinkError {
  return refusalOf('INVALID_PAYLOAD', `Not a payload of ${name}`, issues)
}
