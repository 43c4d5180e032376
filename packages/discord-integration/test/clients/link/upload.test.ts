import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it } from 'vitest'
import { GatewayServiceClient, type UploadData } from '../../../src/clients/index.ts'
import { UPLOAD_MAX_BYTES, type LinkError } from '../../../src/types/index.ts'
import { LINK_TOKEN } from '../helpers/fake-gateway.ts'

const uploaded = {
  upload: 'upload_AAAAAAAAAAAAAAAAAAAAAA',
  filename: 'glaze.png',
  size: 3,
  content_type: 'image/png',
  expires_at: 5,
}

type Taken = { method: string; url: string; headers: IncomingMessage['headers']; body: string }

/** In place of a gateway's uploads. */
async function started(
  answer = (_request: IncomingMessage, response: ServerResponse) => {
    response.writeHead(201, { 'content-type': 'application/json' }).end(JSON.stringify(uploaded))
  },
  path = '',
) {
  const taken: Taken[] = []
  const server = createServer((request, response) => {
    let body = ''
    request.setEncoding('latin1').on('data', (part: string) => (body += part))
    request.on('error', () => {})
    request.on('end', () => {
      taken.push({ method: request.method ?? '', url: request.url ?? '', headers: request.headers, body })
      answer(request, response)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}${path}`
  const client = new GatewayServiceClient({ url, token: LINK_TOKEN, guilds: ['1'] })
  return {
    taken,
    client,
    server,
    async [Symbol.asyncDispose]() {
      await client.close()
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

const failure = (promise: Promise<unknown>): Promise<LinkError> =>
  promise.then(
    () => expect.fail('it was not rejected'),
    (error: LinkError) => error,
  )

const bytes = new Uint8Array([0, 128, 255])

async function* parts(): AsyncGenerator<Uint8Array> {
  yield bytes.subarray(0, 1)
  yield bytes.subarray(1)
}

describe('upload', () => {
  it.each<[string, () => UploadData, string | undefined]>([
    ['bytes', () => bytes, '3'],
    ['a blob', () => new Blob([bytes]), '3'],
    ['a stream', () => ReadableStream.from(parts()), undefined],
    ['what comes bit by bit', parts, undefined],
  ])('sends %s as they are, and resolves to what they are named by', async (_what, data, length) => {
    await using gateway = await started()
    const options = { filename: 'näme & more.png', contentType: 'image/png' }
    expect(await gateway.client.upload(data(), options)).toEqual(uploaded)
    expect(gateway.taken).toMatchObject([
      {
        method: 'POST',
        headers: { authorization: `Bearer ${LINK_TOKEN}`, 'content-type': 'image/png' },
        body: Buffer.from(bytes).toString('latin1'),
      },
    ])
    expect(gateway.taken[0]?.headers['content-length']).toBe(length)
    const { pathname, searchParams } = new URL(gateway.taken[0]?.url ?? '', 'http://x')
    expect(pathname).toBe('/uploads')
    expect(Object.fromEntries(searchParams)).toEqual({ filename: 'näme & more.png' })
  })

  it('has the type of a blob, or none that is known', async () => {
    await using gateway = await started()
    await gateway.client.upload(new Blob([bytes], { type: 'image/gif' }), { filename: 'a' })
    await gateway.client.upload(new Blob([bytes]), { filename: 'a' })
    const types = gateway.taken.map(({ headers }) => headers['content-type'])
    expect(types).toEqual(['image/gif', 'application/octet-stream'])
  })

  it.each(['/gateway', '/gateway/'])('goes to where the link is: %s', async (path) => {
    await using gateway = await started(undefined, path)
    await gateway.client.upload(bytes, { filename: 'a' })
    expect(gateway.taken[0]?.url).toBe('/gateway/uploads?filename=a')
  })

  it('is refused as the gateway says', async () => {
    const error = { code: 'TOO_MANY_UPLOADS', message: 'this token has 8 uploads under way, of 8' }
    await using gateway = await started((_request, response) =>
      response.writeHead(429, { 'retry-after': '7' }).end(JSON.stringify({ error })),
    )
    expect(await failure(gateway.client.upload(bytes, { filename: 'a' }))).toMatchObject({
      name: 'LinkError',
      code: 'TOO_MANY_UPLOADS',
      status: 429,
      retryable: true,
      retryAfter: 7,
      message: expect.stringContaining('8 uploads under way'),
    })
  })

  it.each([
    [413, 'UPLOAD_TOO_LARGE', false],
    [502, 'UNAVAILABLE', true],
    [401, 'UNAUTHORIZED', false],
    [429, 'TOO_MANY_CONNECTIONS', true],
  ])('is refused with HTTP %i by a proxy: %s', async (status, code, retryable) => {
    await using gateway = await started((_request, response) => response.writeHead(status).end('<h1>No</h1>'))
    expect(await failure(gateway.client.upload(bytes, { filename: 'a' }))).toMatchObject({ code, status, retryable })
  })

  it('is refused where it need not be asked', async () => {
    await using gateway = await started()
    const refusal = async (data: UploadData, filename: string) =>
      (await failure(gateway.client.upload(data, { filename }))).code
    expect(await refusal(bytes, '')).toBe('BAD_REQUEST')
    expect(await refusal(bytes, '../a')).toBe('BAD_REQUEST')
    expect(await refusal(bytes, 'half \ud800')).toBe('BAD_REQUEST')
    expect(await refusal(new Uint8Array(UPLOAD_MAX_BYTES + 1), 'a')).toBe('UPLOAD_TOO_LARGE')
    expect(await refusal(new Blob([new Uint8Array(UPLOAD_MAX_BYTES + 1)]), 'a')).toBe('UPLOAD_TOO_LARGE')
    expect(gateway.taken).toEqual([])
  })

  it('is not there where the gateway is away, sends on, breaks off or answers something else', async () => {
    const codes: string[] = []
    const answers: ((request: IncomingMessage, response: ServerResponse) => void)[] = [
      (_request, response) => void response.writeHead(307, { location: 'http://127.0.0.1:9/' }).end(),
      (request) => void request.socket.destroy(),
      (_request, response) => void response.writeHead(201).end('{}'),
    ]
    for (const answer of answers) {
      await using gateway = await started(answer)
      codes.push((await failure(gateway.client.upload(bytes, { filename: 'a' }))).code)
    }
    const away = new GatewayServiceClient({ url: 'ws://127.0.0.1:1', token: LINK_TOKEN })
    codes.push((await failure(away.upload(bytes, { filename: 'a' }))).code)
    expect(codes).toEqual(Array(4).fill('NOT_CONNECTED'))
  })

  it('is not there where the data end in an error', async () => {
    await using gateway = await started()
    const broken = async function* () {
      yield bytes
      throw new Error('the disk is gone')
    }
    const error = await failure(gateway.client.upload(broken(), { filename: 'a' }))
    expect(error).toMatchObject({ code: 'NOT_CONNECTED', retryable: true })
    expect(gateway.taken).toEqual([])
  })

  it('is given up when the client is closed', async () => {
    const asked = Promise.withResolvers<void>()
    await using gateway = await started(() => asked.resolve())
    const given = failure(gateway.client.upload(bytes, { filename: 'a' }))
    await asked.promise
    await gateway.client.close()
    expect(await given).toMatchObject({ code: 'CLOSED' })
    expect(await failure(gateway.client.upload(bytes, { filename: 'a' }))).toMatchObject({ code: 'CLOSED' })
  })
})
