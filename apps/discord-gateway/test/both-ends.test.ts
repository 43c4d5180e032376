import { GatewayServiceClient } from '@repo/discord-integration/clients'
import { bounds, LinkError } from '@repo/discord-integration/types'
import { expect, it } from 'vitest'
import { startLink, TOKEN } from './link.ts'

/** Our own client at the other end, and a promise of the first message that a test holds for. */
function connect(url: string, token = TOKEN) {
  const client = new GatewayServiceClient({ url, token })
  const reached = async (state: string) => {
    const { promise, resolve } = Promise.withResolvers<void>()
    const stop = client.onStatus((status) => status.state === state && resolve())
    if (client.status.state !== state) await promise
    stop()
  }
  return Object.assign(client, { reached, [Symbol.asyncDispose]: () => client.close() })
}

it('the client of the link and its server understand each other', async () => {
  await using link = await startLink({
    runCommand: async (command) => {
      if (command === 'send_message') return { success: true, message_id: '9' }
      throw new LinkError('MISSING_ACCESS', 'Failed to get channel messages: Missing access', {
        discordCode: 50_001,
        status: 403,
      })
    },
  })
  await link.publish('GUILD_CREATE', { id: '1', channels: [] })
  await using client = connect(link.url)
  const seen: string[] = []
  const typed = Promise.withResolvers<string | undefined>()
  client.onMessage((message, { payloadText }) => {
    seen.push(message.type === 'sync' ? message.data.state : message.data.event)
    if (message.type === 'event' && message.data.event === 'TYPING_START') typed.resolve(payloadText)
  })
  client.connect()
  await client.reached('live')
  expect(seen).toEqual(['snapshot', 'GUILD_CREATE', 'live'])
  expect(client.lastEventId).toBe('test-1')

  await link.publish('TYPING_START', { guild_id: '1' })
  expect(await typed.promise).toBe('{"guild_id":"1"}')
  expect(client.lastEventId).toBe('test-2')

  expect(await client.sendCommand('send_message', { channel_id: '5', content: 'x' })).toEqual({
    success: true,
    message_id: '9',
  })
  const refused = client.sendCommand('get_channel_messages', { channel_id: '5' })
  await expect(refused).rejects.toMatchObject({ code: 'MISSING_ACCESS', discordCode: 50_001, status: 403 })
})

it('the client comes back after a drain and misses nothing', async () => {
  await using link = await startLink()
  await using client = connect(link.url)
  const seen: string[] = []
  client.onMessage((message) => seen.push(message.type === 'sync' ? message.data.state : message.data.event))
  client.connect()
  await client.reached('live')
  await link.publish('TYPING_START', { guild_id: '1' })
  await link.publish('RESUMED', { guild_id: '1' })
  while (!seen.includes('RESUMED')) await new Promise(setImmediate)
  await link.server.close()
  await client.reached('reconnecting')
  await link.publish('MESSAGE_CREATE', { guild_id: '1' })
  await using _again = await startLink({ port: link.port, feed: link.feed })
  await client.reached('live')
  expect(seen).toEqual(['snapshot', 'live', 'TYPING_START', 'RESUMED', 'resumed', 'MESSAGE_CREATE', 'live'])
})

it('the client learns why it is refused', async () => {
  await using link = await startLink()
  await using client = connect(link.url, 'nobodys-token')
  client.connect()
  await client.reached('reconnecting')
  expect(client.status.detail).toContain('401')
})

it('the largest event that the log takes gets through, and a larger one does not hold up what follows', async () => {
  await using link = await startLink()
  await using client = connect(link.url)
  const seen: string[] = []
  client.onMessage((message, { payloadText = '' }) => {
    const what = message.type === 'sync' ? message.data.reason : `${message.data.event} ${payloadText.length}`
    seen.push(what ?? '')
  })
  client.connect()
  await client.reached('live')
  const head = JSON.stringify({ x: '' }).length
  const largest = bounds.payload
  await link.publish('TYPING_START', { x: 'x'.repeat(largest - head) })
  await link.publish('TYPING_START', { x: 'x'.repeat(largest - head + 1) })
  await link.publish('RESUMED', {})
  while (!seen.includes('RESUMED 2')) await new Promise(setImmediate)
  expect(seen.slice(2)).toEqual([`TYPING_START ${largest}`, 'too_large', 'RESUMED 2'])
  expect(client.status).toMatchObject({ state: 'live', attempt: 0 })
})
