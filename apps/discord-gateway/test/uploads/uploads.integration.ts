import { createHash } from 'node:crypto'
import { globSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { GatewayServiceClient } from '@repo/discord-integration/clients'
import { UPLOAD_MAX_BYTES, type CommandPayload } from '@repo/discord-integration/types'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { hashOf as tokenHash } from '../../src/tokens/token-text.ts'
import { linkUrl, useGateways } from '../gateways.ts'
import { codeOf } from '../helpers.ts'
import { TOKEN } from '../link.ts'
import { handleOf, post, upload } from './upload-files.ts'

const gateways = useGateways('uploads')
const clients: GatewayServiceClient[] = []
let channelId = ''

beforeEach(() => {
  const guild = gateways.simulator.world.guilds().find(({ name }) => name === 'Tidewater Makers')
  channelId = guild?.channels.find(({ name }) => name === 'general')?.id ?? ''
})

afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()))
})

async function connected(port: number, token = TOKEN): Promise<GatewayServiceClient> {
  const client = new GatewayServiceClient({ url: linkUrl(port), token })
  clients.push(client)
  const { promise, resolve } = Promise.withResolvers<void>()
  client.onStatus(({ state }) => state === 'live' && resolve())
  client.connect()
  await promise
  return client
}

const message = (files: CommandPayload<'send_message'>['files']) => ({ channel_id: channelId, content: 'Look', files })
const kept = () => globSync('**/uploads/*', { cwd: gateways.dataDir }).sort()
const attachmentsOf = (id: string) =>
  gateways.simulator.world.messages.list(channelId, { limit: 100 }).find((one) => one.id === id)?.attachments ?? []

async function bytesAt(url: string | undefined): Promise<Buffer> {
  return Buffer.from(await (await fetch(url ?? '')).arrayBuffer())
}

const hashOf = (data: Uint8Array) => createHash('sha256').update(data).digest('hex')

describe('a file', () => {
  it('goes from a backend to Discord, byte for byte, new and into a message that there is', async () => {
    const client = await connected(await gateways.start().ready())
    const bytes = Buffer.alloc(UPLOAD_MAX_BYTES - 64 * 1024, Buffer.from('Tidewater'))
    const big = await client.upload(bytes, { filename: 'kiln log.txt', contentType: 'text/plain' })
    const small = await client.upload(new Blob(['A glaze'], { type: 'text/plain' }), { filename: 'glaze.txt' })
    expect(big).toMatchObject({ filename: 'kiln log.txt', size: bytes.length, content_type: 'text/plain' })

    const files = [{ upload: big.upload, description: 'The log', is_spoiler: true }]
    const { message_id } = await client.sendCommand('send_message', message(files))
    expect(attachmentsOf(message_id)).toMatchObject([
      { filename: 'kiln_log.txt', size: bytes.length, description: 'The log', flags: 8 },
    ])
    expect(hashOf(await bytesAt(attachmentsOf(message_id)[0]?.url))).toBe(hashOf(bytes))

    const more = {
      channel_id: channelId,
      message_id,
      content: 'Both',
      files: [{ upload: small.upload, filename: 'b.txt' }],
    }
    await client.sendCommand('edit_message', more)
    expect(attachmentsOf(message_id).map(({ filename }) => filename)).toEqual(['kiln_log.txt', 'b.txt'])
    expect(String(await bytesAt(attachmentsOf(message_id)[1]?.url))).toBe('A glaze')
  })

  it('is named after the gateway was killed between both, and the same command is answered as before', async () => {
    const first = gateways.start()
    const before = await upload(await first.ready(), 'A glaze')
    const broken = post(await first.port)
    broken.asked.write('half of a gl')
    await expect.poll(() => kept().filter((name) => name.endsWith('.part')).length).toBe(1)
    await first.end('SIGKILL')
    await expect(broken.answer).rejects.toThrow(/socket hang up|ECONNRESET/)

    const client = await connected(await gateways.start().ready())
    expect(kept().map((name) => name.split('/').at(-1))).toEqual([handleOf(before), `${handleOf(before)}.json`])
    const payload = message([{ upload: handleOf(before) }])
    const { message_id } = await client.sendCommand('send_message', payload, { requestId: 'once' })
    expect(String(await bytesAt(attachmentsOf(message_id)[0]?.url))).toBe('A glaze')
    expect(await client.sendCommand('send_message', payload, { requestId: 'once' })).toEqual({
      success: true,
      message_id,
    })
  })

  it('that is too large is refused to who sends it bit by bit, and to who says so', async () => {
    const gateway = gateways.start()
    const port = await gateway.ready()
    const client = await connected(port)
    const endless = async function* () {
      for (;;) yield Buffer.alloc(64 * 1024)
    }
    expect(await codeOf(client.upload(endless(), { filename: 'a' }))).toBe('UPLOAD_TOO_LARGE')
    const { asked, answer } = post(port, { 'content-length': UPLOAD_MAX_BYTES + 1 })
    asked.flushHeaders()
    expect(await answer).toMatchObject({ status: 413 })
    asked.destroy()
    expect(kept()).toEqual([])
  })

  it('that is broken off, or not let in, leaves nothing behind', async () => {
    const port = await gateways.start().ready()
    const { asked, answer } = post(port, { 'content-length': 100 })
    asked.write('half')
    await expect.poll(() => kept().length).toBe(1)
    asked.destroy()
    await expect(answer).rejects.toThrow(/socket hang up|ECONNRESET/)
    await expect.poll(kept).toEqual([])
    expect(await upload(port, 'abc', { authorization: 'Bearer nobodys' })).toMatchObject({ status: 401 })
    expect(kept()).toEqual([])
  })

  it('is not waited for by an end, which answers what it can', async () => {
    const gateway = gateways.start()
    const { asked, answer } = post(await gateway.ready(), { 'content-length': 100 })
    asked.write('half')
    await expect.poll(() => kept().length).toBe(1)
    expect(await gateway.end()).toBe(0)
    await expect(answer).rejects.toThrow(/socket hang up|ECONNRESET/)
    expect(kept()).toEqual([])
  })

  it('lies where only the user of the gateway reads it', async () => {
    await upload(await gateways.start().ready(), 'abc')
    for (const name of kept()) expect(statSync(join(gateways.dataDir, name)).mode & 0o077).toBe(0)
    expect(kept()).toHaveLength(2)
  })
})

it('a backend’s uploads are its own, whichever of its tokens it shows', async () => {
  const tokensFile = join(gateways.dataDir, 'tokens.json')
  const entryOf = (name: string, token: string) => ({
    name,
    hash: tokenHash(token),
    guilds: '*',
    events: '*',
    commands: '*',
  })
  const entries = [entryOf('web', 'web-1'), entryOf('web', 'web-2'), entryOf('bot', 'bot-1')]
  writeFileSync(tokensFile, JSON.stringify(entries))
  const port = await gateways.start({ LINK_TOKENS_FILE: tokensFile }).ready()
  const [web, bot] = [await connected(port, 'web-2'), await connected(port, 'bot-1')]
  const payload = message([{ upload: handleOf(await upload(port, 'abc', { authorization: 'Bearer web-1' })) }])
  for (const foreign of [bot, await connected(port)]) {
    await expect(foreign.sendCommand('send_message', payload)).rejects.toMatchObject({
      code: 'UNKNOWN_UPLOAD',
      issues: [{ path: 'data.payload.files.0.upload' }],
    })
  }
  expect(await web.sendCommand('send_message', payload)).toMatchObject({ success: true })
})
