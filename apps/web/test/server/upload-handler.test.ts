import { once } from 'node:events'
import { createServer, request as httpRequest } from 'node:http'
import { connect, type AddressInfo } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { LinkError, UPLOAD_MAX_BYTES } from '@repo/discord-integration/types'
import { afterEach, expect, it, vi } from 'vitest'
import { UserLimits } from '../../src/server/auth/user-limits.ts'
import { Refused } from '../../src/server/deputy/refused.ts'
import { MembershipUnknown } from '../../src/server/membership/membership.ts'
import { createUploadHandler, type UploadHandlerOptions } from '../../src/server/uploads/upload-handler.ts'
import { UploadSeal } from '../../src/server/uploads/upload-seal.ts'
import { ada } from './stream-scene.ts'

const cleanUps: (() => unknown)[] = []
afterEach(() => {
  for (const cleanUp of cleanUps.splice(0)) cleanUp()
})

const HANDLE = 'upload_3q2-7wEjRb6kX0sYv9TfLg'
const MIB = 1024 ** 2
const FILES = '/api/guilds/1/channels/11/files'

async function read(data: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  for await (const chunk of data) chunks.push(chunk)
  return Buffer.concat(chunks)
}

async function setUp({ uploadMib = 100, ...options }: Partial<UploadHandlerOptions> & { uploadMib?: number } = {}) {
  const taken: { filename: string; contentType: string | undefined; body: Buffer }[] = []
  const asked: { userId: string; guildId: string; payload: unknown }[] = []
  const failures: unknown[] = []
  const refusals: string[] = []
  const seal = new UploadSeal('a secret')
  const handle = createUploadHandler({
    isOwn: () => true,
    viewerOf: () => Promise.resolve(ada),
    deputyFor: (userId) => ({
      may: async (guildId, _command, payload) => {
        asked.push({ userId, guildId, payload })
        return null
      },
    }),
    isReady: () => true,
    limits: new UserLimits({ READS_PER_MINUTE: 1, WRITES_PER_MINUTE: 1, UPLOAD_MIB: uploadMib }, () => 0),
    upload: async (data, { filename, contentType }) => {
      const body = await read(data)
      taken.push({ filename, contentType, body })
      return { upload: HANDLE, filename, size: body.length, content_type: 'x/y', expires_at: 1 }
    },
    seal,
    onRefusal: (code) => void refusals.push(code),
    onFailure: (response, error) => {
      failures.push(error)
      response.writeHead(500).end()
    },
    ...options,
  })
  const server = createServer((request, response) => {
    if (!handle(request, response)) response.writeHead(418).end()
  }).listen(0, '127.0.0.1')
  cleanUps.push(() => {
    server.closeAllConnections()
    server.close()
  })
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const post = async (body: BodyInit | null = 'clay', path = `${FILES}?filename=a.txt`, init: RequestInit = {}) => {
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
      method: 'POST',
      body,
      headers: { 'content-type': 'text/plain' },
      ...init,
    })
    const said = (await answer.json().catch(() => ({}))) as { error?: { code: string }; upload?: string }
    return { status: answer.status, code: said.error?.code, said, headers: answer.headers }
  }
  return { post, port, taken, asked, failures, refusals, seal }
}

const refusing = (refused: Refused | Error): UploadHandlerOptions['deputyFor'] => {
  return () => ({ may: async () => (refused instanceof Refused ? refused : Promise.reject(refused)) })
}
const failing = (error: Error): UploadHandlerOptions['upload'] => {
  return async (data) => {
    await read(data)
    throw error
  }
}

it('passes a file on as it is, and answers what names it for them', async () => {
  const { post, taken, asked, seal } = await setUp()
  const bytes = Uint8Array.from({ length: 70_000 }, (_, at) => at % 256)
  const name = 'gläze & more.png'
  const { status, said, headers } = await post(bytes, `${FILES}?filename=${encodeURIComponent(name)}`)
  expect(status).toBe(201)
  expect(said).toEqual({ upload: expect.any(String) as string, filename: name, size: 70_000 })
  expect(await seal.open(said.upload ?? '', { userId: ada.user.id, guildId: '1' })).toBe(HANDLE)
  expect(headers.get('cache-control')).toBe('no-store')
  expect(taken).toEqual([{ filename: name, contentType: 'text/plain', body: Buffer.from(bytes) }])
  expect(asked).toMatchObject([{ userId: ada.user.id, guildId: '1', payload: { channel_id: '11', files: [{}] } }])
})

it('is of its own path alone', async () => {
  const { post } = await setUp()
  for (const path of ['/api/guilds/1/channels/11', '/api/guilds/1/channels/11/files/2', '/api/guilds/1/files'])
    expect((await post('x', path)).status).toBe(418)
})

it.each<[string, number, string, Parameters<typeof setUp>[0], string?]>([
  ['another site’s page', 403, 'FOREIGN_REQUEST', { isOwn: () => false }],
  ['who is not signed in', 401, 'UNAUTHORIZED', { viewerOf: () => Promise.resolve(null) }],
  ['what is no place', 404, 'NOT_FOUND', {}, '/api/guilds/1/channels/general/files?filename=a'],
  ['a file without a name', 400, 'BAD_REQUEST', {}, `${FILES}?filename=`],
  ['a file with two', 400, 'BAD_REQUEST', {}, `${FILES}?filename=a&filename=b`],
  ['what else is in the query', 400, 'BAD_REQUEST', {}, `${FILES}?filename=a&guild=2`],
  ['who does not see the channel', 404, 'NOT_FOUND', { deputyFor: refusing(new Refused('NOT_FOUND')) }],
  [
    'who may not attach',
    403,
    'MISSING_PERMISSIONS',
    { deputyFor: refusing(new Refused('MISSING_PERMISSIONS', { missing: ['AttachFiles'] })) },
  ],
  [
    'who may where the bot may not',
    403,
    'BOT_MISSING_PERMISSIONS',
    { deputyFor: refusing(new Refused('BOT_MISSING_PERMISSIONS', { missing: ['AttachFiles'] })) },
  ],
  ['who is timed out', 403, 'TIMED_OUT', { deputyFor: refusing(new Refused('TIMED_OUT', { retryAfter: 9 })) }],
  ['a locked thread', 403, 'LOCKED', { deputyFor: refusing(new Refused('LOCKED')) }],
  ['who is not known', 503, 'GATEWAY_AWAY', { deputyFor: refusing(new MembershipUnknown('DISCORD_UNAVAILABLE')) }],
  ['anybody before there are guilds', 503, 'GATEWAY_AWAY', { isReady: () => false }],
])('takes nothing of %s: %i %s', async (_what, status, code, options, path) => {
  const { post, taken } = await setUp({ ...options })
  const answer = await post('clay', path)
  expect(answer).toMatchObject({ status, code })
  expect(taken).toEqual([])
})

it('answers who sends otherwise with how it is done', async () => {
  const { port } = await setUp()
  const answer = await fetch(`http://127.0.0.1:${port}${FILES}?filename=a`)
  expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'POST'])
})

it('takes files of who waits in slow mode', async () => {
  const { post } = await setUp({ deputyFor: refusing(new Refused('SLOWMODE', { retryAfter: 20 })) })
  expect((await post()).status).toBe(201)
})

it('says what the gateway says of a file, and of what is web’s matter only that it is away', async () => {
  const refused = async (code: string, retryAfter?: number) => {
    const scene = await setUp({ upload: failing(new LinkError(code, 'inner workings', { retryAfter })) })
    const answer = await scene.post()
    expect(JSON.stringify(answer.said)).not.toContain('inner')
    return [answer.status, answer.code, answer.headers.get('retry-after'), scene.refusals]
  }
  expect(await refused('STORAGE_FULL', 33.2)).toEqual([507, 'STORAGE_FULL', '34', []])
  expect(await refused('TOO_MANY_UPLOADS', 1)).toEqual([429, 'TOO_MANY_UPLOADS', '1', []])
  expect(await refused('UPLOAD_STALLED')).toEqual([408, 'UPLOAD_STALLED', null, []])
  expect(await refused('NOT_CONNECTED')).toEqual([503, 'GATEWAY_AWAY', '2', []])
  expect(await refused('CLOSED')).toEqual([503, 'GATEWAY_AWAY', '2', []])
  // Who is signed in here is not told that they are not.
  expect(await refused('UNAUTHORIZED')).toEqual([503, 'GATEWAY_AWAY', '2', ['UNAUTHORIZED']])
  expect(await refused('NOT_FOUND')).toEqual([503, 'GATEWAY_AWAY', '2', ['NOT_FOUND']])
})

it('costs who cannot be looked up that answer alone', async () => {
  const viewerOf = vi.fn<UploadHandlerOptions['viewerOf']>().mockRejectedValueOnce(new Error('the store is away'))
  const { post, failures } = await setUp({ viewerOf: viewerOf.mockResolvedValue(ada) })
  expect([(await post()).status, (await post()).status]).toEqual([500, 201])
  expect(failures).toHaveLength(1)
})

it('takes the largest file, and refuses one that says that it is larger, or is empty, before it reads any of it', async () => {
  const { post, port, taken, asked } = await setUp()
  expect((await post(new Uint8Array(UPLOAD_MAX_BYTES))).said).toMatchObject({ size: UPLOAD_MAX_BYTES })
  const asks = asked.length
  const said = async (length: number) => {
    const request = httpRequest({
      port,
      path: `${FILES}?filename=a`,
      method: 'POST',
      headers: { 'content-length': length },
    })
    request.on('error', () => {})
    request.flushHeaders()
    const [answer] = (await once(request, 'response')) as [{ statusCode: number }]
    request.destroy()
    return answer.statusCode
  }
  expect(await said(UPLOAD_MAX_BYTES + 1)).toBe(413)
  expect((await post('')).code).toBe('BAD_REQUEST')
  expect(taken).toHaveLength(1)
  expect(asked).toHaveLength(asks)
})

it('refuses what turns out too large as it comes, and passes no more of it on', async () => {
  let passed = 0
  const { post } = await setUp({
    upload: async (data) => {
      for await (const chunk of data) passed += chunk.length
      throw new Error('it was taken')
    },
  })
  let sent = 0
  const tooMuch = new ReadableStream<Uint8Array>({
    pull(controller) {
      controller.enqueue(new Uint8Array(MIB / 4))
      sent += MIB / 4
      if (sent === 12 * MIB) controller.close()
    },
  })
  const answer = await post(tooMuch, undefined, { duplex: 'half' } as RequestInit)
  expect(answer).toMatchObject({ status: 413, code: 'UPLOAD_TOO_LARGE' })
  expect(passed).toBeLessThanOrEqual(UPLOAD_MAX_BYTES)
})

it('holds no more of a file than is on its way', async () => {
  const gate = Promise.withResolvers<void>()
  const { port } = await setUp({
    upload: async (data, { filename }) => {
      await gate.promise
      const { length: size } = await read(data)
      return { upload: HANDLE, filename, size, content_type: 'x/y', expires_at: 1 }
    },
  })
  const socket = connect(port, '127.0.0.1')
  await once(socket, 'connect')
  socket.write(`POST ${FILES}?filename=a HTTP/1.1\r\nHost: a\r\nContent-Length: ${UPLOAD_MAX_BYTES}\r\n\r\n`)
  let sent = 0
  for (; sent < UPLOAD_MAX_BYTES; sent += MIB) socket.write(new Uint8Array(MIB))
  // What nobody reads stays with who sends it.
  const gone = once(socket, 'drain').then(() => 'all of it')
  expect(await Promise.race([gone, pause(200, 'not all of it')])).toBe('not all of it')
  gate.resolve()
  const [head] = (await once(socket, 'data')) as [Buffer]
  expect(String(head)).toContain('201 Created')
  socket.destroy()
})

it('gives up with the sender: half a file is none', async () => {
  const outcome = Promise.withResolvers<string>()
  const begun = Promise.withResolvers<void>()
  const { port } = await setUp({
    upload: async (data) => {
      begun.resolve()
      await read(data).then(
        () => outcome.resolve('whole'),
        () => outcome.resolve('broken off'),
      )
      throw new LinkError('NOT_CONNECTED', '')
    },
  })
  const socket = connect(port, '127.0.0.1')
  socket.write(`POST ${FILES}?filename=a HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nhalf`)
  await begun.promise
  socket.destroy()
  expect(await outcome.promise).toBe('broken off')
})

it('answers who is refused in the midst of sending', async () => {
  const { post } = await setUp({
    upload: async (data) => {
      for await (const _chunk of data) break
      throw new LinkError('STORAGE_FULL', 'full')
    },
  })
  expect(await post(new Uint8Array(8 * MIB))).toMatchObject({ status: 507, code: 'STORAGE_FULL' })
})

it('takes four files of one person at once, and of others meanwhile', async () => {
  const gate = Promise.withResolvers<void>()
  let user = ada.user.id
  let underWay = 0
  const { post } = await setUp({
    viewerOf: () => Promise.resolve({ ...ada, user: { ...ada.user, id: user } }),
    upload: async (data, { filename }) => {
      underWay += 1
      await gate.promise
      const { length: size } = await read(data)
      return { upload: HANDLE, filename, size, content_type: 'x/y', expires_at: 1 }
    },
  })
  const under = [post(), post(), post(), post()]
  await expect.poll(() => underWay).toBe(4)
  expect(await post()).toMatchObject({ status: 429, code: 'TOO_MANY_UPLOADS' })
  user = 'another'
  const other = post()
  gate.resolve()
  expect((await Promise.all([...under, other])).map(({ status }) => status)).toEqual([201, 201, 201, 201, 201])
  user = ada.user.id
  expect((await post()).status).toBe(201)
})

it('takes so much of one person, each file as a MiB at least, and says when there is room', async () => {
  const { post } = await setUp({ uploadMib: 12 })
  expect((await post(new Uint8Array(9.5 * MIB))).status).toBe(201)
  expect([(await post()).status, (await post()).status]).toEqual([201, 201])
  const answer = await post()
  expect(answer).toMatchObject({ status: 429, code: 'TOO_MANY_REQUESTS' })
  // A twelfth of a quarter of an hour.
  expect(answer.headers.get('retry-after')).toBe('75')
})
