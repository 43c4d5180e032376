import { createRequire } from 'node:module'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from './child.ts'

// The framework's own way to write what a server function is given and says: https://github.com/lxsmnsyc/seroval
type Seroval = {
  toJSONAsync: (value: unknown) => Promise<unknown>
  fromCrossJSON: (json: unknown, options: { refs: Map<number, unknown> }) => unknown
}
const seroval = createRequire(import.meta.url)('seroval') as Seroval

const ASSETS = join(ROOT, 'apps/web/dist/client/assets')

/** The ids of the server functions, as a browser knows them. */
export function functionIds(): string[] {
  const code = readdirSync(ASSETS)
    .filter((name) => name.endsWith('.js'))
    .map((name) => readFileSync(join(ASSETS, name), 'utf8'))
    .join('\n')
  return Array.from(new Set(code.match(/\b[0-9a-f]{64}\b/g)))
}

/** What a function said: its value, or the code of its error. */
export type Said = { status: number; value: unknown; code: string | null; headers: Headers }

/** The server functions of a web, asked as its page asks them, by one person. */
export class ServerFunctions {
  readonly #url: string
  readonly #cookie: string

  constructor(webUrl: string, cookie: string) {
    this.#url = webUrl
    this.#cookie = cookie
  }

  async listGuilds(): Promise<Said> {
    return await this.#ask('GET', await this.#idOf('listGuilds'))
  }

  async getChannelMessages(data: object): Promise<Said> {
    return await this.#ask('GET', await this.#idOf('getChannelMessages'), data)
  }

  async sendMessage(data: object): Promise<Said> {
    return await this.#ask('POST', await this.#idOf('sendMessage'), data)
  }

  /** By what each does: a build names them by hashes. */
  async #idOf(name: 'listGuilds' | 'getChannelMessages' | 'sendMessage'): Promise<string> {
    known ??= this.#find()
    const id = (await known).get(name)
    if (id === undefined) throw new Error(`web has no function that looks like ${name}`)
    return id
  }

  async #find(): Promise<Map<string, string>> {
    const found = new Map<string, string>()
    for (const id of functionIds()) {
      const { status, value } = await this.#ask('GET', id)
      if (status === 405) found.set('sendMessage', id)
      else if (status === 400) found.set('getChannelMessages', id)
      else if (Array.isArray(value)) found.set('listGuilds', id)
    }
    return found
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

/** Of the build, the same for every web. */
let known: Promise<Map<string, string>> | null = null
