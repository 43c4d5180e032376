import { createHash } from 'node:crypto'
import { createRequire } from 'node:module'

// The framework's own way to write what a server function is given and says: https://github.com/lxsmnsyc/seroval
type Seroval = {
  toJSONAsync: (value: unknown) => Promise<unknown>
  fromCrossJSON: (json: unknown, options: { refs: Map<number, unknown> }) => unknown
}
const seroval = createRequire(import.meta.url)('seroval') as Seroval

/** What a function said: its value, or the code of its error. */
export type Said = { status: number; value: unknown; code: string | null; headers: Headers }

/** The server functions of a web, asked as its page asks them, by one person. */
export class ServerFunctions {
  readonly #url: string
  readonly #cookie: string
  readonly #viewerId: string | null

  /** @param viewerId for whom the page was made that asks; null: it does not say. */
  constructor(webUrl: string, cookie: string, viewerId: string | null = null) {
    this.#url = webUrl
    this.#cookie = cookie
    this.#viewerId = viewerId
  }

  async listGuilds(): Promise<Said> {
    return await this.#ask('GET', idOf('listGuilds'))
  }

  async getChannelMessages(data: object): Promise<Said> {
    return await this.#ask('GET', idOf('getChannelMessages'), data)
  }

  async sendMessage(data: object): Promise<Said> {
    return await this.do('sendMessage', data)
  }

  /** Has one of those that change something do it, by its name. */
  async do(name: string, data: object): Promise<Said> {
    return await this.#ask('POST', idOf(name), data)
  }

  /** Asks one of those that only read, by its name. */
  async read(name: string, data: object): Promise<Said> {
    return await this.#ask('GET', idOf(name), data)
  }

  async #ask(method: 'GET' | 'POST', id: string, data?: object): Promise<Said> {
    const payload = data === undefined ? null : JSON.stringify(await seroval.toJSONAsync({ data }))
    const query = method === 'GET' && payload !== null ? `?payload=${encodeURIComponent(payload)}` : ''
    const answer = await fetch(`${this.#url}/_serverFn/${id}${query}`, {
      method,
      headers: {
        'sec-fetch-site': 'same-origin',
        'x-tsr-serverFn': 'true',
        accept: 'application/json',
        cookie: this.#cookie,
        ...(this.#viewerId !== null && { 'x-viewer': this.#viewerId }),
        ...(method === 'POST' && { 'content-type': 'application/json' }),
      },
      ...(method === 'POST' && payload !== null && { body: payload }),
    })
    const text = await answer.text()
    const code = answer.ok ? null : (/\b[A-Z]+(?:_[A-Z]+)+\b/.exec(text)?.[0] ?? text)
    const said = answer.ok ? read(text) : {}
    return { status: answer.status, value: said.result, code, headers: answer.headers }
  }
}

function read(text: string): { result?: unknown } {
  return seroval.fromCrossJSON(JSON.parse(text), { refs: new Map() }) as { result?: unknown }
}

/** Those that do not stand with the others. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  getOps: 'ops/ops-functions.ts',
  reportLatency: 'ops/ops-functions.ts',
}

/** A build names a function by a hash of where it stands, the same for every web. */
const idOf = (name: string): string =>
  createHash('sha256')
    .update(`src/server/${ELSEWHERE[name] ?? 'functions.ts'}--${name}_createServerFn_handler`)
    .digest('hex')
