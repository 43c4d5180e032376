import { once } from 'node:events'
import { GATEWAY_SERVICE_V2 } from '@repo/discord-integration/types'
import { pino } from 'pino'
import { expect, it } from 'vitest'
import { WebSocketServer } from 'ws'
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

it('refuses a guild that the gateway does not list, and none that is merely down', async () => {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', handleProtocols: () => GATEWAY_SERVICE_V2 })
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  const logger = pino({ level: 'silent' })
  const gateway = initGatewayClient({ ...config, GATEWAY_WS_URL: `ws://127.0.0.1:${port}` }, logger)
  try {
    const [socket] = (await once(server, 'connection')) as [{ send: (text: string) => void }]
    const say = (type: string, data: object) => socket.send(JSON.stringify({ type, data, ts: 1 }))
    say('sync', { state: 'snapshot', reason: 'fresh' })
    say('event', { event: 'GUILD_DELETE', payload: { id: '2', unavailable: true } })
    say('event', { event: 'GUILD_CREATE', payload: { id: '1', channels: [] } })
    expect(gateway.mayHave('3')).toBe(true)
    say('sync', { state: 'live', id: 'e-7' })
    await expect.poll(() => gateway.feed.ready).toBe(true)
    expect(['1', '2', '3'].map((id) => gateway.mayHave(id))).toEqual([true, true, false])
  } finally {
    await gateway.close()
    server.close()
  }
})
