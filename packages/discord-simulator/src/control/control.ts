import type { IncomingMessage } from 'node:http'
import { GatewayOpcodes } from 'discord-api-types/v10'
import { z } from 'zod'
import { RECONNECT_GRACE_MS, closeCode } from '../faults/fault.ts'
import { BodyTooLarge, NotJson, parseJson, readBody } from '../http/body.ts'
import type { Reply } from '../http/reply.ts'
import { loadBody } from '../load/load.ts'
import type { Load } from '../load/load.ts'
import type { People } from '../people/people.ts'
import { DiscordError } from '../rest/errors.ts'
import { interactionBody } from '../rest/interactions/body.ts'
import type { InteractionInput } from '../rest/interactions/body.ts'
import { CannotInteract } from '../rest/interactions/cannot-interact.ts'
import type { SeenInteraction } from '../rest/interactions/seen.ts'
import { json } from '../world/json.ts'
import type { Dispatch } from '../world/types.ts'
import { answerFaults } from './faults.ts'
import { answerPeople } from './people.ts'
import { viewOf } from './view.ts'
import type { ViewOptions } from './view.ts'

export interface ControlOptions extends ViewOptions {
  load: Load
  people: People
  dispatch: (dispatch: Dispatch & { payload: object }) => void
  interact: (body: InteractionInput) => { id: string; token: string }
  interaction: (id: string) => SeenInteraction | undefined
}

/** A refusal of the control API: `{ message, field }`. */
class BadBody extends Error {
  readonly field: string
  constructor(field: string, message: string) {
    super(message)
    this.field = field
  }
}

const dispatchBody = z.strictObject({ event: z.string().min(1).max(100), payload: json })
const lifeBody = z.strictObject({ running: z.boolean() })
const closeBody = z.strictObject({
  code: closeCode.default(4000),
})
/** Nothing: without a close frame there is no code. */
const dropBody = z.strictObject({})
const opBody = z.strictObject({
  op: z.literal([GatewayOpcodes.Heartbeat, GatewayOpcodes.Reconnect, GatewayOpcodes.InvalidSession]),
  /** Of op 9: whether the session may be resumed. */
  d: z.boolean().default(false),
  /** Which connection; all that are open if not given. */
  connection: z.int().optional(),
})

async function readForm<T>(request: IncomingMessage, shape: z.ZodType<T>): Promise<T> {
  const bytes = await readBody(request)
  const input = bytes.length === 0 ? {} : parseJson(bytes)
  const read = shape.safeParse(input)
  if (read.success) return read.data
  const issue = read.error.issues[0]
  const unknown = issue?.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : []
  const field = [...(issue?.path ?? []), ...unknown].join('.')
  throw new BadBody(field, `${field || 'body'}: ${issue?.message}`)
}

const noConnection = (id: number): Reply => ({ status: 404, body: { message: `No open connection ${id}.` } })

/** What tests and demos steer the simulator with, under `/_simulator`. It is no part of Discord. */
export class Control {
  readonly #options: ControlOptions

  constructor(options: ControlOptions) {
    this.#options = options
  }

  async answer(request: IncomingMessage, url: URL): Promise<Reply> {
    try {
      return await this.#answer(request, url)
    } catch (error) {
      if (error instanceof BadBody) return { status: 400, body: { message: error.message, field: error.field } }
      if (error instanceof CannotInteract || error instanceof NotJson)
        return { status: 400, body: { message: error.message, field: '' } }
      if (error instanceof DiscordError) return error.reply()
      if (error instanceof BodyTooLarge) return { status: 413, body: { message: 'The body is too large.' } }
      throw error
    }
  }

  async #answer(request: IncomingMessage, url: URL): Promise<Reply> {
    const { world, gateway, life, load, faults, people, dispatch } = this.#options
    const path = url.pathname.replace('/_simulator', '')
    const what = `${request.method} ${path}`
    if (what === 'GET /world') return { status: 200, body: { guilds: world.guilds() } }
    if (what === 'GET /view') return { status: 200, body: viewOf(this.#options, url.searchParams) }
    if (what === 'GET /connections') return { status: 200, body: gateway.connections() }
    if (what === 'POST /dispatch') {
      dispatch(await readForm(request, dispatchBody))
      return { status: 202 }
    }
    if (what === 'POST /life') {
      const { running } = await readForm(request, lifeBody)
      if (running) life.start()
      else life.stop()
      return { status: 200, body: { running } }
    }
    if (what === 'GET /load') return { status: 200, body: { running: load.running, sent: load.sent } }
    if (what === 'POST /load') {
      load.start(await readForm(request, loadBody))
      return { status: 200, body: { running: load.running, sent: load.sent } }
    }
    if (what === 'POST /interactions') {
      return { status: 201, body: this.#options.interact(await readForm(request, interactionBody)) }
    }
    const [, interactionId] = /^GET \/interactions\/(\d+)$/.exec(what) ?? []
    if (interactionId !== undefined) {
      const seen = this.#options.interaction(interactionId)
      return seen ? { status: 200, body: seen } : { status: 404, body: { message: `No interaction ${interactionId}.` } }
    }
    if (what === 'POST /op') return this.#sendOp(await readForm(request, opBody))
    const read = <T>(shape: z.ZodType<T>) => readForm(request, shape)
    const found =
      (await answerFaults(faults, request.method, path, read)) ??
      (await answerPeople(people, request.method, path, read))
    if (found) return found
    const [, id, verb] = /^\/connections\/(\d+)\/(close|drop)$/.exec(path) ?? []
    if (id !== undefined && request.method === 'POST') return this.#cut(request, Number(id), verb === 'drop')
    return { status: 404, body: { message: `No ${what} here.` } }
  }

  async #cut(request: IncomingMessage, id: number, isDrop: boolean): Promise<Reply> {
    const body = isDrop ? await readForm(request, dropBody) : await readForm(request, closeBody)
    const connection = this.#options.gateway.connection(id)
    if (!connection?.isOpen) return noConnection(id)
    if ('code' in body) connection.close(body.code)
    else connection.drop()
    return { status: 202 }
  }

  #sendOp({ op, d, connection }: z.infer<typeof opBody>): Reply {
    const targets = this.#options.gateway
      .open()
      .filter(({ info }) => connection === undefined || info.id === connection)
    if (connection !== undefined && targets.length === 0) return noConnection(connection)
    for (const target of targets) {
      if (op === GatewayOpcodes.InvalidSession) target.invalidate(d)
      else if (op === GatewayOpcodes.Reconnect) target.reconnect(RECONNECT_GRACE_MS)
      else target.sendOp(op)
    }
    return { status: 202, body: { sent: targets.length } }
  }
}
