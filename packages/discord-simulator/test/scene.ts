import { createManualClock, startSimulator } from '../src/index.ts'
import type { SimulatorOptions } from '../src/index.ts'
import { identified } from './raw-client.ts'
import { restClient } from './rest-client.ts'

export const START_MS = Date.parse('2026-11-20T14:08:00Z')

export interface Told {
  event: string
  // Tests look into dispatches of all kinds; what they expect there is what they assert.
  // oxlint-disable-next-line typescript/no-explicit-any
  payload: any
}

/** A simulator, a REST client that checks what it gets, and a gateway client that hears what comes of it. */
export async function scene(options: SimulatorOptions = {}, fields: object = {}) {
  const clock = createManualClock(START_MS)
  const simulator = await startSimulator({ clock, rateLimits: false, ...options })
  const call = restClient(simulator)
  const { client } = await identified(simulator, fields)
  const guild = simulator.world.guilds()[0]!
  const channel = (name: string) =>
    [...guild.channels, ...guild.threads].find((candidate) => candidate.name === name)!.id
  const role = (name: string) => guild.roles.find((candidate) => candidate.name === name)!
  const { bot } = simulator.world
  /** Takes permissions from the bot, in one channel or, without a name, in the whole guild. */
  const forbid = (bit: bigint, name?: string) => {
    if (name !== undefined) {
      const overwrite = { id: bot.id, type: 1, allow: '0', deny: String(bit) }
      const payload = { id: channel(name), guild_id: guild.id, permission_overwrites: [overwrite] }
      return simulator.dispatch('CHANNEL_UPDATE', payload)
    }
    for (const held of guild.roles) {
      const permissions = String(BigInt(held.permissions) & ~bit)
      simulator.dispatch('GUILD_ROLE_UPDATE', { guild_id: guild.id, role: { ...held, permissions } })
    }
  }
  const post = async (name: string, body: object = { content: 'x' }) =>
    (await call('POST', `/channels/${channel(name)}/messages`, body)).body as { id: string; channel_id: string }
  return {
    simulator,
    clock,
    call,
    client,
    guild,
    bot,
    channel,
    role,
    forbid,
    post,
    /** The next dispatch of a name. */
    heard: async (name: string) => (await client.event(name)).d,
    /** All that was told under these names until now, and was not heard yet. */
    told: async (...names: readonly string[]) => {
      simulator.dispatch('GUILD_INTEGRATIONS_UPDATE', { guild_id: guild.id })
      const heard: Told[] = []
      for (;;) {
        const { t, d } = await client.next()
        if (t === 'GUILD_INTEGRATIONS_UPDATE') return heard
        if (t && names.includes(t)) heard.push({ event: t, payload: d })
      }
    },
    [Symbol.asyncDispose]: async () => {
      await client[Symbol.asyncDispose]()
      await simulator.close()
    },
  }
}
export type Scene = Awaited<ReturnType<typeof scene>>

export const refused = (code: number) => ({ status: code < 20_000 ? 404 : 403, body: { code } })
