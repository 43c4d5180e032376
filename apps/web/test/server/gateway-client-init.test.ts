import { pino } from 'pino'
import { expect, it } from 'vitest'
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
