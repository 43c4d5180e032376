import { DiscordAPIError, REST } from '@discordjs/rest'
import { CloseCodes, CompressionMethod, WebSocketManager, WebSocketShardEvents } from '@discordjs/ws'
import type { APIMessage, GatewayDispatchPayload } from 'discord-api-types/v10'
import { GatewayDispatchEvents, Routes } from 'discord-api-types/v10'
import { expect, test } from 'vitest'
import { startSimulator } from '../src/index.ts'
import type { Simulator } from '../src/index.ts'
import { ALL_INTENTS } from './raw-client.ts'

/** The libraries as they come from npm, told nothing but where Discord is. */
function libraries(simulator: Simulator, compression: CompressionMethod | null = null) {
  const rest = new REST({ version: '10', api: simulator.apiUrl, retries: 0 }).setToken(simulator.botToken)
  const manager = new WebSocketManager({ token: simulator.botToken, intents: ALL_INTENTS, rest, compression })
  const seen: GatewayDispatchPayload[] = []
  let wake = () => {}
  manager.on(WebSocketShardEvents.Dispatch, (payload) => {
    seen.push(payload)
    wake()
  })
  const until = async (fits: (payload: GatewayDispatchPayload) => boolean): Promise<GatewayDispatchPayload> => {
    for (;;) {
      const found = seen.find(fits)
      if (found) return found
      await new Promise<void>((resolve) => {
        wake = resolve
      })
    }
  }
  return { rest, manager, seen, until }
}

test.each([
  ['uncompressed', null],
  ['over zlib-stream', CompressionMethod.ZlibNative],
])('@discordjs/ws %s connects, resumes after a drop and after op 7, and leaves', async (_how, compression) => {
  await using simulator = await startSimulator()
  const { manager, seen, until } = libraries(simulator, compression)
  await manager.connect()
  await until(({ t, d }) => t === GatewayDispatchEvents.GuildCreate && d.name === 'Night Ledger')

  const resumed = async (times: number) => {
    await until(() => seen.filter(({ t }) => t === GatewayDispatchEvents.Resumed).length === times)
    simulator.dispatch('ODD_EVENT', { n: times })
    await until((payload) => (payload.d as { n?: number } | null)?.n === times)
  }
  simulator.dropConnection(1)
  await resumed(1)
  await fetch(`${simulator.url}/_simulator/op`, { method: 'POST', body: '{"op":7}' })
  await resumed(2)

  expect(simulator.connections().map(({ opened_by, closed_by }) => [opened_by, closed_by])).toEqual([
    ['identify', 'simulator'],
    ['resume', 'client'],
    ['resume', null],
  ])
  const numbers = seen.map(({ s }) => s)
  expect(numbers).toEqual(numbers.map((_, index) => index + 1))
  await manager.destroy({ code: CloseCodes.Normal })
})

test('@discordjs/ws over two shards sees every guild once', async () => {
  await using simulator = await startSimulator({ shards: 2, maxConcurrency: 2 })
  const { manager, seen, until } = libraries(simulator)
  await manager.connect()
  await until(() => seen.filter(({ t }) => t === GatewayDispatchEvents.GuildCreate).length === 2)
  const names = seen.flatMap((payload) => (payload.t === GatewayDispatchEvents.GuildCreate ? [payload.d.name] : []))
  expect(names.toSorted()).toEqual(['Night Ledger', 'Tidewater Makers'])
  expect(simulator.connections().map(({ shard }) => shard)).toEqual([
    [0, 2],
    [1, 2],
  ])
  await manager.destroy()
})

test('@discordjs/rest posts, reads and understands a refusal; @discordjs/ws hears of the post', async () => {
  await using simulator = await startSimulator()
  const { rest, manager, until } = libraries(simulator)
  await manager.connect()
  const { channels } = simulator.world.guilds()[0]!
  const id = (name: string) => channels.find((channel) => channel.name === name)!.id

  const body = { content: 'hello from a library', nonce: '1', enforce_nonce: true }
  const posted = (await rest.post(Routes.channelMessages(id('general')), { body })) as APIMessage
  expect(await rest.post(Routes.channelMessages(id('general')), { body })).toEqual(posted)
  const heard = await until(({ t, d }) => t === GatewayDispatchEvents.MessageCreate && d.id === posted.id)
  expect(heard.d).toMatchObject({ content: body.content, nonce: '1', guild_id: simulator.world.guilds()[0]?.id })
  expect(await rest.get(Routes.channelMessage(id('general'), posted.id))).toMatchObject({ content: body.content })

  const refused = await rest
    .post(Routes.channelMessages(id('announcements')), { body })
    .catch((error: unknown) => error)
  expect(refused).toBeInstanceOf(DiscordAPIError)
  expect(refused).toMatchObject({ code: 50013, status: 403, message: 'Missing Permissions' })
  await manager.destroy()
})
