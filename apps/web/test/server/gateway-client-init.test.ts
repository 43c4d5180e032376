import { once } from 'node:events'
import { GATEWAY_SERVICE_V2 } from '@repo/discord-integration/types'
import { pino } from 'pino'
import { ALL_ENTRIES } from '@repo/event-feed'
import { expect, it, vi } from 'vitest'
import { WebSocketServer, type WebSocket } from 'ws'
import { initGatewayClient, sendGatewayCommand } from '../../src/server/init/gateway-client-init.server.ts'

const config = { GATEWAY_WS_URL: 'ws://127.0.0.1:1', LINK_TOKEN: 'a-link-token', WEB_RETENTION_MIB: 1 }

it('opens one link a process, and a command that nobody waits for cannot bring the process down', async () => {
  const lines: string[] = []
  const logger = pino({ level: 'trace' }, { write: (line) => void lines.push(line) })
  const gateway = initGatewayClient(config, logger)
  try {
    expect(initGatewayClient(config, logger)).toBe(gateway)
    const payload = { channel_id: '123456789', content: 'Hello from backend!' }
    // As the specification's example: not awaited. Vitest fails on an unhandled rejection.
    void sendGatewayCommand('send_message', payload, 'req-001')
    await expect(sendGatewayCommand('send_message', payload)).rejects.toMatchObject({ code: 'NOT_CONNECTED' })
    await expect.poll(() => lines.length).toBeGreaterThan(0)
    expect(lines.join('')).not.toMatch(/a-link-token|Hello/)
  } finally {
    await gateway.close()
  }
  expect(() => sendGatewayCommand('get_status', {})).toThrow('not open')
})

/** A gateway that says what a test lets it say, and web's link to it. */
async function linked() {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', handleProtocols: () => GATEWAY_SERVICE_V2 })
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  const url = `ws://127.0.0.1:${port}`
  const gateway = initGatewayClient({ ...config, GATEWAY_WS_URL: url }, pino({ level: 'silent' }))
  const [first] = (await once(server, 'connection')) as [WebSocket]
  let socket = first
  server.on('connection', (next) => (socket = next))
  await expect.poll(() => gateway.client.status.state).toBe('connected')
  return {
    gateway,
    socket: first,
    /** On the connection that there is now. */
    say: (type: string, data: object, more: object = {}) => socket.send(JSON.stringify({ type, data, ts: 1, ...more })),
    async [Symbol.asyncDispose]() {
      await gateway.close()
      server.close()
    },
  }
}

it('refuses a guild that the gateway does not list, and none that is merely down', async () => {
  await using link = await linked()
  const { gateway, say } = link
  say('sync', { state: 'snapshot', reason: 'fresh' })
  say('event', { event: 'GUILD_DELETE', payload: { id: '2', unavailable: true } })
  say('event', { event: 'GUILD_CREATE', payload: { id: '1', channels: [] } })
  expect(gateway.mayHave('3')).toBe(true)
  say('sync', { state: 'live', id: 'e-7' })
  await expect.poll(() => gateway.feed.ready).toBe(true)
  expect(['1', '2', '3'].map((id) => gateway.mayHave(id))).toEqual([true, true, false])
})

it('has what is under way answered before it closes the link', async () => {
  await using link = await linked()
  const { gateway, socket, say } = link
  const asked = once(socket, 'message')
  const answer = sendGatewayCommand('send_message', { channel_id: '123456789', content: 'x' }, 'req-1')
  await asked
  const closed = gateway.close()
  say('ack', { success: true, message_id: '9' }, { requestId: 'req-1' })
  expect(await answer).toEqual({ success: true, message_id: '9' })
  await closed
})

it('does not wait for long for an answer that does not come', async () => {
  await using link = await linked()
  const answer = sendGatewayCommand('send_message', { channel_id: '123456789', content: 'x' }, 'req-2')
  void link.gateway.close()
  await expect(answer).rejects.toMatchObject({ code: 'CLOSED' })
})

it('waits for an id ahead of it for as long as it may lag without knowing, and longer while it knows', async () => {
  await using link = await linked()
  const { gateway, socket, say } = link
  say('sync', { state: 'snapshot', reason: 'fresh' })
  say('event', { event: 'GUILD_CREATE', payload: { id: '1', channels: [] } })
  say('sync', { state: 'live', id: 'e-7' })
  await expect.poll(() => gateway.feed.ready).toBe(true)
  const set = vi.spyOn(globalThis, 'setTimeout')
  /** What it would do once its patience is over. */
  const patience = () => set.mock.calls.flatMap(([callback, ms]) => (ms === 45_000 ? [callback] : []))
  const told: string[] = []
  gateway.feed.subscribe({
    lastEventId: 'e-9',
    filter: ALL_ENTRIES,
    sink: {
      write({ items }) {
        for (const item of items) told.push(item.kind === 'sync' ? item.data.state : item.kind)
        return true
      },
    },
  })
  await expect.poll(patience).toHaveLength(1)
  socket.terminate()
  await expect.poll(() => gateway.client.status.state).toBe('reconnecting')
  patience()[0]?.()
  expect(patience()).toHaveLength(2)
  await expect.poll(() => gateway.client.status.state).toBe('connected')
  link.say('sync', { state: 'resumed' })
  link.say('sync', { state: 'live', id: 'e-7' })
  await expect.poll(() => gateway.client.status.state).toBe('live')
  expect(told).toEqual([])
  patience()[1]?.()
  await expect.poll(() => told[0]).toBe('snapshot')
  set.mockRestore()
})
