import type { Clock, Timer } from '../clock.ts'
import type { Random } from '../random.ts'
import { fault as faultShape } from './fault.ts'
import type { Fault, FaultInput, FaultOf } from './fault.ts'
import type { Plan } from './plan.ts'
import type { Lag } from './wire.ts'

/** What is known of a connection when a fault looks for its own. */
export interface Place {
  id: number
  shard: readonly [id: number, count: number] | null
}

/** A connection, as far as faults reach into it. */
export interface Target {
  readonly info: Place
  close: (code: number) => void
  drop: () => void
  dropAfter: (bytes: number) => void
  invalidate: (resumable: boolean) => void
  reconnect: (closeAfterMs: number) => void
}

export interface FaultsOptions {
  clock: Clock
  random: Random
  /** The connections that are open. */
  targets: () => Target[]
  /** Ends every session there is. */
  endSessions: () => void
  /** Hears of every fault when it begins and when it ends. */
  onChange: (what: 'fault' | 'lifted', active: ActiveFault) => void
}

/** A fault that lasts. */
export interface ActiveFault {
  id: number
  fault: Fault
  /** How many times more; null: no limit. */
  left: number | null
}

const AT_ONCE: ReadonlySet<Fault['kind']> = new Set(['drop', 'close', 'reconnect', 'invalidate'])

/** The connection that never is: of what is to hit any when none is open nothing happens, and nothing stays. */
const NOBODY = Number.MAX_SAFE_INTEGER

const NO_LAG: Lag = { delayMs: 0, bytesPerSecond: Infinity }

function isAt(fault: Fault, place: Place): boolean {
  const connection = 'connection' in fault ? fault.connection : undefined
  const shard = 'shard' in fault ? fault.shard : undefined
  return (connection ?? place.id) === place.id && (shard === undefined || place.shard?.[0] === shard)
}

/** The machine that makes things go wrong on request: in process, and behind `/_simulator/faults`. */
export class Faults {
  readonly #options: FaultsOptions
  readonly #timers = new Map<number, Timer>()
  #active: ActiveFault[] = []
  #lastId = 0

  constructor(options: FaultsOptions) {
    this.#options = options
  }

  /** Whether nothing is wrong: asked before anything else, for it is asked for every dispatch. */
  get isQuiet(): boolean {
    return this.#active.length === 0
  }

  /** The faults that last, oldest first. */
  active(): ActiveFault[] {
    return this.#active.map((entry) => ({ ...entry }))
  }

  /** Makes something go wrong. Throws a ZodError if it is no fault. What happens at once may find nobody. */
  inject(input: FaultInput): ActiveFault {
    const fault = this.#placed(faultShape.parse(input))
    const entry: ActiveFault = { id: ++this.#lastId, fault, left: 'times' in fault ? (fault.times ?? null) : null }
    this.#options.onChange('fault', entry)
    if (!this.#happen(fault) || ('connection' in fault && fault.connection === NOBODY)) return entry
    this.#active.push(entry)
    const forMs = 'for_ms' in fault ? fault.for_ms : undefined
    if (forMs !== undefined)
      this.#timers.set(
        entry.id,
        this.#options.clock.after(forMs, () => this.lift(entry.id)),
      )
    return entry
  }

  /** Ends a fault, or all. False if there is none with that id. */
  lift(id?: number): boolean {
    const lifted = this.#active.filter((entry) => id === undefined || entry.id === id)
    this.#active = this.#active.filter((entry) => !lifted.includes(entry))
    for (const entry of lifted) {
      this.#timers.get(entry.id)?.cancel()
      this.#timers.delete(entry.id)
      this.#options.onChange('lifted', entry)
    }
    return lifted.length > 0
  }

  /** Lets the faults of a plan happen, each at its moment from now. Returns what calls the rest off. */
  play(plan: Plan): () => void {
    const timers = plan.steps.map(({ at_ms, fault }) => this.#options.clock.after(at_ms, () => this.inject(fault)))
    return () => timers.forEach((timer) => timer.cancel())
  }

  /** The first fault of a kind that fits, counted as once happened. */
  take<K extends Fault['kind']>(kind: K, fits: (fault: FaultOf<K>) => boolean = () => true): FaultOf<K> | undefined {
    for (const entry of this.#active) {
      const fault = entry.fault as FaultOf<K>
      if (entry.fault.kind !== kind || !fits(fault)) continue
      if (entry.left !== null && --entry.left === 0) this.lift(entry.id)
      return fault
    }
    return undefined
  }

  /** The same, for a connection. */
  takeAt(kind: 'no_ack' | 'duplicate' | 'lose' | 'garble' | 'delay' | 'throttle', place: Place): Fault | undefined {
    return this.isQuiet ? undefined : this.take(kind, (fault) => isAt(fault, place))
  }

  /** How slow a connection is now. */
  lag(place: Place): Lag {
    if (this.isQuiet) return NO_LAG
    const delay = this.take('delay', (fault) => isAt(fault, place))
    const throttle = this.take('throttle', (fault) => isAt(fault, place))
    return {
      delayMs: delay ? delay.ms + this.#options.random.next() * delay.jitter_ms : 0,
      bytesPerSecond: throttle?.bytes_per_s ?? Infinity,
    }
  }

  /** After how many bytes a connection that begins now is to be cut. */
  dropsNext(): number | undefined {
    const armed = this.#active.find(({ fault }) => fault.kind === 'drop')
    if (armed?.fault.kind !== 'drop') return undefined
    this.lift(armed.id)
    return armed.fault.after_bytes
  }

  /** Whether a connection that begins now is first told to go, and how long it then may stay, in ms. */
  reconnectsNext(): number | undefined {
    const armed = this.#active.find(({ fault }) => fault.kind === 'reconnect')
    if (armed?.fault.kind !== 'reconnect') return undefined
    this.lift(armed.id)
    return armed.fault.close_after_ms
  }

  /**
   * Whether a fault would find the connection, the shard, or any at all, as it asks for. What lasts waits for a shard that
   * is yet to come; a connection that is not open would only come by chance.
   */
  isPlaced(fault: Fault): boolean {
    const places = AT_ONCE.has(fault.kind) ? ['any', 'connection', 'shard'] : ['any', 'connection']
    if (places.every((name) => Reflect.get(fault, name) === undefined)) return true
    return this.#options.targets().some(({ info }) => isAt(fault, info))
  }

  /** How a handshake is refused now, if it is. */
  refusal(): 'reset' | number | undefined {
    if (this.#active.some(({ fault }) => fault.kind === 'outage')) return 'reset'
    return this.take('refuse')?.status
  }

  /** Names the connection of one that is to hit any. Which one is the seed's choice. */
  #placed(fault: Fault): Fault {
    if (!('any' in fault) || !fault.any) return fault
    const open = this.#options.targets()
    const { any: _any, ...rest } = fault
    return { ...rest, connection: open.length > 0 ? this.#options.random.pick(open).info.id : NOBODY }
  }

  /** Does what is done at once. True if the fault goes on from here. */
  #happen(fault: Fault): boolean {
    const { targets, endSessions } = this.#options
    const here = targets().filter(({ info }) => isAt(fault, info))
    switch (fault.kind) {
      case 'drop':
        if (fault.next) return true
        for (const target of here) target.dropAfter(fault.after_bytes)
        return false
      case 'close':
        for (const target of here) target.close(fault.code)
        return false
      case 'reconnect':
        if (fault.next) return true
        for (const target of here) target.reconnect(fault.close_after_ms)
        return false
      case 'invalidate':
        for (const target of here) target.invalidate(fault.resumable)
        return false
      case 'outage':
        if (fault.sessions === 'die') endSessions()
        for (const target of targets()) target.drop()
        return true
      case 'no_ack':
      case 'delay':
      case 'throttle':
      case 'duplicate':
      case 'lose':
      case 'garble':
      case 'refuse':
      case 'rest':
        return true
    }
  }
}
