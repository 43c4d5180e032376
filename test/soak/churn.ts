import { GatewayServiceClient } from '@repo/discord-integration/clients'
import { LinkError } from '@repo/discord-integration/types'
import type { Random } from '@repo/discord-simulator'
import { ChannelType } from 'discord-api-types/v10'
import { Account } from '../chaos/account.ts'
import { Browser } from '../chaos/browser.ts'
import type { Cast } from '../chaos/cast.ts'
import type { Load } from '../chaos/load.ts'
import { Witness } from '../chaos/witness.ts'
import { pause } from '../lib/pause.ts'

const BROWSERS = 50
const BACKENDS = 3

/** How long one lives, in ms: a page that is looked at, a backend that is deployed again and again. */
const BROWSER_LIFE_MS = [1_000, 20_000] as const
const BACKEND_LIFE_MS = [5_000, 30_000] as const

/** Between two commands of a backend, in ms: within Discord's rate limits, mostly. */
const COMMAND_EVERY_MS = [500, 2_000] as const

/** Of browsers that go, how many come back as the same one, with the id they had. */
const COMES_BACK = 0.5

/** Comings and goings at a service that is not itself disturbed. */
export class Churn implements AsyncDisposable {
  readonly #cast: Cast
  readonly #load: Load
  readonly #stop = new AbortController()
  readonly #running: Promise<void>[] = []
  readonly problems: string[] = []
  /** How commands ended, by name and code. */
  readonly commands = new Map<string, number>()
  browsers = 0
  streams = 0
  backends = 0
  seen = 0

  constructor(cast: Cast, load: Load, random: Random) {
    this.#cast = cast
    this.#load = load
    for (let index = 0; index < BROWSERS; index++) this.#running.push(this.#browse(index, random.fork(`page ${index}`)))
    for (let index = 0; index < BACKENDS; index++) this.#running.push(this.#back(random.fork(`backend ${index}`)))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort()
    await Promise.all(this.#running)
  }

  async #browse(index: number, random: Random): Promise<void> {
    const guild = this.#load.guilds[index % this.#load.guilds.length]
    if (!guild) throw new Error('there are no guilds')
    const cookie = await this.#cast.cookieFor(guild.id)
    while (!this.#stop.signal.aborted) {
      const account = new Account()
      const name = `browser ${this.browsers++}`
      const browser = new Browser({
        name,
        guildId: guild.id,
        webs: this.#cast.doors,
        cookie,
        random,
        witness: new Witness(account, () => this.seen++),
      })
      browser.start()
      await pause(random.int(...BROWSER_LIFE_MS), this.#stop.signal)
      while (random.chance(COMES_BACK) && !this.#stop.signal.aborted) {
        browser.leave()
        await pause(random.int(...BROWSER_LIFE_MS), this.#stop.signal)
      }
      await browser[Symbol.asyncDispose]()
      this.streams += browser.opened
      this.problems.push(...account.wrongs.map(({ wrong, detail }) => `${wrong}: ${detail}`))
    }
  }

  async #back(random: Random): Promise<void> {
    const { linkUrl, linkToken, simulator } = this.#cast
    const channels = simulator.world.guilds().flatMap((guild) => {
      const channel = guild.channels.find(({ type, name }) => type === ChannelType.GuildText && name === 'general')
      return channel ? [channel.id] : []
    })
    let lastEventId: string | null = null
    while (!this.#stop.signal.aborted) {
      this.backends++
      const client: GatewayServiceClient = new GatewayServiceClient({ url: linkUrl, token: linkToken, lastEventId })
      client.connect()
      const until = performance.now() + random.int(...BACKEND_LIFE_MS)
      while (performance.now() < until && !this.#stop.signal.aborted) {
        await pause(random.int(...COMMAND_EVERY_MS), this.#stop.signal)
        // In flight when the backend goes, at times: that is churn too.
        if (random.chance(0.5)) void this.#count('get_status', client.sendCommand('get_status', {}))
        else {
          const payload = { channel_id: random.pick(channels), content: 'soak' }
          void this.#count('send_message', client.sendCommand('send_message', payload))
        }
      }
      lastEventId = random.chance(COMES_BACK) ? client.lastEventId : null
      await client.close()
    }
  }

  async #count(name: string, answer: Promise<unknown>): Promise<void> {
    const how = await answer.then(
      () => 'done',
      (error: unknown) => (error instanceof LinkError ? error.code : String(error)),
    )
    this.commands.set(`${name} ${how}`, (this.commands.get(`${name} ${how}`) ?? 0) + 1)
  }
}
