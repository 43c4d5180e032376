import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { UPLOAD_MAX_BYTES, UploadedSchema } from '@repo/discord-integration/types'
import { describe, expect, it } from 'vitest'
import { unnamedTokens } from '../../src/tokens/link-token.ts'
import { LinkTokens } from '../../src/tokens/link-tokens.ts'
import { UploadEndpoint } from '../../src/uploads/upload-endpoint.ts'
import type { UploadLimits } from '../../src/uploads/limits.ts'
import { collectingLogger } from '../helpers.ts'
import { ask, startLink, TOKEN } from '../link.ts'
import type { WsServerOptions } from '../../src/ws-server.ts'
import { handleOf, post, upload, useStores } from './upload-files.ts'

const stores = useStores()

async function started(options: Partial<WsServerOptions> & { uploadLimits?: Partial<UploadLimits> } = {}) {
  const { uploadLimits: limits = {}, ...serverOptions } = options
  const store = await stores.open({ limits })
  const { logger } = collectingLogger()
  return Object.assign(await startLink({ uploads: new UploadEndpoint({ store, logger, limits }), ...serverOptions }), {
    store,
  })
}

const refused = (status: number, code: string) => ({ status, body: { error: { code, message: expect.any(String) } } })

const head = (query: string, length: string) =>
  [`POST /uploads${query} HTTP/1.1`, 'Host: 127.0.0.1', `Authorization: Bearer ${TOKEN}`, length, '', ''].join('\r\n')

describe('POST /uploads', () => {
  it('takes the bytes as they are, and answers what they are named by', async () => {
    await using link = await started()
    const bytes = Buffer.from(Array.from({ length: 256 }, (_, n) => n))
    const answer = await upload(link.port, bytes, {}, '?filename=glaze%20%E2%84%962.png')
    expect(answer).toMatchObject({ status: 201, headers: { 'cache-control': 'no-store' } })
    const uploaded = UploadedSchema.parse(answer.body)
    expect(uploaded).toEqual(answer.body)
    expect(uploaded).toMatchObject({ filename: 'glaze №2.png', size: 256, content_type: 'image/png' })
    const kept = link.store.find(uploaded.upload, 'LINK_TOKEN')
    expect(readFileSync(kept?.path ?? '')).toEqual(bytes)
    expect(kept?.expiresAt).toBe(uploaded.expires_at)
  })

  it('takes what comes in chunks, and does not say how long it is', async () => {
    await using link = await started()
    const { asked, answer } = post(link.port)
    asked.write('a glaze ')
    asked.end('in two parts')
    expect(await answer).toMatchObject({ status: 201, body: { size: 20 } })
  })

  it('takes 10 MiB, and nothing more', async () => {
    await using link = await started()
    expect(await upload(link.port, Buffer.alloc(UPLOAD_MAX_BYTES))).toMatchObject({ status: 201 })
  })

  it('refuses what says that it is larger before any of it is read', async () => {
    await using link = await started()
    const { asked, answer } = post(link.port, { 'content-length': UPLOAD_MAX_BYTES + 1, expect: '100-continue' })
    let isToGoOn = false
    asked.on('continue', () => (isToGoOn = true))
    asked.flushHeaders()
    expect(await answer).toMatchObject(refused(413, 'UPLOAD_TOO_LARGE'))
    expect(isToGoOn).toBe(false)
    asked.destroy()
    expect(stores.names()).toEqual([])
  })

  it('says that it may be sent to who asks before', async () => {
    await using link = await started()
    const { asked, answer } = post(link.port, { 'content-length': 3, expect: '100-continue' })
    asked.flushHeaders()
    await once(asked, 'continue')
    asked.end('abc')
    expect(await answer).toMatchObject({ status: 201 })
  })

  it('refuses what turns out to be larger, to who is still sending', async () => {
    await using link = await started()
    const { asked, answer } = post(link.port)
    asked.end(Buffer.alloc(2 * UPLOAD_MAX_BYTES))
    expect(await answer).toMatchObject(refused(413, 'UPLOAD_TOO_LARGE'))
    expect(stores.names()).toEqual([])
  })

  it.each([
    ['no token', { authorization: '' }, '?filename=a', 401, 'UNAUTHORIZED'],
    ['a wrong token', { authorization: 'Bearer nobodys' }, '?filename=a', 401, 'UNAUTHORIZED'],
    ['no filename', {}, '', 400, 'BAD_REQUEST'],
    ['a path for a name', {}, '?filename=..%2Fa', 400, 'BAD_REQUEST'],
    ['a form', { 'content-type': 'multipart/form-data; boundary=x' }, '?filename=a', 400, 'BAD_REQUEST'],
  ])('refuses %s, whatever is sent with it', async (_what, headers, query, status, code) => {
    await using link = await started()
    expect(await upload(link.port, Buffer.alloc(1024 * 1024), headers, query)).toMatchObject(refused(status, code))
    expect(stores.names()).toEqual([])
  })

  it('refuses an empty body', async () => {
    await using link = await started()
    expect(await upload(link.port, '')).toMatchObject(refused(400, 'BAD_REQUEST'))
  })

  it('is a POST, and without a token nobody learns that', async () => {
    await using link = await started()
    const bearer = { authorization: `Bearer ${TOKEN}` }
    for (const method of ['GET', 'PUT', 'DELETE', 'OPTIONS']) {
      expect(await ask(link.port, '/uploads', bearer, method)).toMatchObject({
        ...refused(405, 'METHOD_NOT_ALLOWED'),
        headers: { allow: 'POST' },
      })
      expect(await ask(link.port, '/uploads', {}, method)).toMatchObject({ status: 401 })
    }
  })

  it('is for this machine where the demo is', async () => {
    await using link = await started({ loopbackOnly: true })
    const origin = 'https://elsewhere.example.com'
    expect(await upload(link.port, 'abc', { origin })).toMatchObject(refused(403, 'FORBIDDEN'))
    expect(await upload(link.port, 'abc')).toMatchObject({ status: 201 })
  })

  it('is for tokens that may send commands', async () => {
    const [token] = unnamedTokens([TOKEN])
    if (!token) throw new Error('no token')
    const scopes = { ...token.backend.scopes, commands: new Set<string>() }
    const tokens = new LinkTokens([{ ...token, backend: { ...token.backend, scopes } }])
    await using link = await started({ tokens })
    expect(await upload(link.port, 'abc')).toMatchObject(refused(403, 'FORBIDDEN'))
  })

  it('takes nothing new while the gateway drains', async () => {
    await using link = await started()
    await link.server.drain(0)
    expect(await upload(link.port, 'abc')).toMatchObject({
      ...refused(503, 'UNAVAILABLE'),
      headers: { 'retry-after': '1' },
    })
  })

  it('says when there is room again for who has too much', async () => {
    await using link = await started({ uploadLimits: { ofBackendMaxBytes: 4 } })
    await upload(link.port, 'abc')
    const answer = await upload(link.port, 'abc')
    expect(answer).toMatchObject(refused(429, 'TOO_MANY_UPLOADS'))
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(15 * 60)
  })

  it('says that there is no room at all', async () => {
    await using link = await started({ uploadLimits: { allMaxBytes: 2 } })
    expect(await upload(link.port, 'abc')).toMatchObject(refused(507, 'STORAGE_FULL'))
  })

  it('takes so many of one token at once, and one more when one is done', async () => {
    await using link = await started({ uploadLimits: { atOnceMax: 2 } })
    const begun = [post(link.port), post(link.port)]
    for (const { asked } of begun) asked.write('a')
    await expect.poll(() => stores.names().length).toBe(2)
    expect(await upload(link.port, 'abc')).toMatchObject(refused(429, 'TOO_MANY_UPLOADS'))
    begun[0]?.asked.end()
    expect(await begun[0]?.answer).toMatchObject({ status: 201 })
    expect(await upload(link.port, 'abc')).toMatchObject({ status: 201 })
    begun[1]?.asked.destroy()
  })

  it.each([
    ['between two parts', { stalledMs: 50 }],
    ['as a whole', { wholeMaxMs: 50 }],
  ])('cuts off what takes too long %s', async (_what, uploadLimits) => {
    await using link = await started({ uploadLimits })
    const { asked, answer } = post(link.port, { 'content-length': 6 })
    asked.write('abc')
    expect(await answer).toMatchObject(refused(408, 'UPLOAD_STALLED'))
    await once(asked, 'close')
    expect(stores.names()).toEqual([])
  })

  it('leaves nothing of what is broken off', async () => {
    await using link = await started()
    const { asked, answer } = post(link.port, { 'content-length': 6 })
    asked.write('abc')
    await expect.poll(() => stores.names().length).toBe(1)
    asked.destroy()
    await expect(answer).rejects.toThrow(/socket hang up|ECONNRESET/)
    await expect.poll(() => stores.names()).toEqual([])
    expect(link.lines.filter((line) => /"level":(?:40|50|60)/.test(line))).toEqual([])
  })

  it.each([
    ['with another name', '?filename=..%2Fa', 400],
    ['as far as it may', '?filename=a', 413],
  ])('is heard by who reads no answer before all is sent: refused %s', async (_what, query, status) => {
    await using link = await started()
    const socket = connect(link.port, '127.0.0.1').pause()
    socket.write(head(query, 'Transfer-Encoding: chunked'))
    const chunk = Buffer.alloc(0x10000)
    const written = Promise.withResolvers<unknown>()
    socket.on('error', written.resolve)
    for (let sent = 0; sent < 2 * UPLOAD_MAX_BYTES; sent += chunk.length) {
      socket.write('10000\r\n')
      socket.write(chunk)
      socket.write('\r\n')
    }
    socket.write('0\r\n\r\n', written.resolve)
    expect(await written.promise).not.toBeInstanceOf(Error)
    let text = ''
    for await (const part of socket) text += String(part)
    expect(text).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `))
  })

  it('refuses what ends before its Content-Length', async () => {
    await using link = await started()
    const socket = connect(link.port, '127.0.0.1')
    socket.end(`${head('?filename=a', 'Content-Length: 6')}abc`)
    let text = ''
    for await (const part of socket) text += String(part)
    expect(text).toMatch(/^HTTP\/1\.1 400 /)
    await expect.poll(() => stores.names()).toEqual([])
  })

  it('neither a log nor an answer holds the token or what a file is called', async () => {
    await using link = await started()
    const answers = [await upload(link.port, 'abc', {}, '?filename=secret%2Fplan'), await upload(link.port, 'abc')]
    expect(handleOf(answers[1] as never)).toMatch(/^upload_/)
    expect(JSON.stringify([answers[0], link.lines])).not.toMatch(/a-link-token|secret|glaze/)
  })
})
