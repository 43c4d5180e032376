import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { EventStream } from '../../src/server/realtime/event-stream.ts'
import { KEEPALIVE_MS, SseManager } from '../../src/server/realtime/sse-manager.ts'
import { encodeEvent, streamBytes } from '../../src/server/realtime/stream-bytes.ts'
import { OpenStream } from './open-stream.ts'

const cleanUps: (() => unknown)[] = []
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'Date'] })
})
afterEach(() => {
  for (const cleanUp of cleanUps.splice(0).toReversed()) cleanUp()
  vi.useRealTimers()
})

/** A server whose path's first segment is the guild, and whose second, where there is one, is the person. */
async function setUp(lifeMs = 600_000) {
  const streams = new SseManager()
  const byGuild = new Map<string, EventStream>()
  const server = createServer((request, response) => {
    const stream = new EventStream(response, {
      saysGuild: false,
      viewer: { userId: request.url?.split('/')[2] ?? '', sessionId: `session of ${request.url?.split('/')[2]}` },
      endsAt: Date.now() + lifeMs,
      now: Date.now,
      onClose: (closed) => streams.remove(closed),
    })
    streams.add(stream)
    byGuild.set(request.url?.split('/')[1] ?? '', stream)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  cleanUps.push(
    () => server.close(),
    () => server.closeAllConnections(),
  )
  return { streams, byGuild, open: (guildId: string) => OpenStream.open(port, `/${guildId}`) }
}

describe('the life of a stream', () => {
  it('is kept alive by a comment when nothing was said, and only then', async () => {
    const { byGuild, open } = await setUp()
    const [quiet, busy] = [await open('1'), await open('2')]
    vi.advanceTimersByTime(KEEPALIVE_MS / 2)
    byGuild.get('2')?.send(streamBytes(encodeEvent('TYPING_START', '{}', null)))
    await busy.hears('TYPING_START')
    vi.advanceTimersByTime(KEEPALIVE_MS / 2)
    await quiet.until(() => quiet.comments.length === 1)
    expect(busy.comments).toEqual([])
  })

  it('ends after its time, in order', async () => {
    const { streams, open } = await setUp(60_000)
    const stream = await open('1')
    vi.advanceTimersByTime(59_000)
    expect(streams.size).toBe(1)
    vi.advanceTimersByTime(2_000)
    await stream.end()
    await expect.poll(() => streams.size).toBe(0)
    expect(vi.getTimerCount()).toBe(0)
  })
})

describe('drain', () => {
  it('ends all streams over a while, and tells each when to come back', async () => {
    const { streams, open } = await setUp()
    const opened = await Promise.all(['1', '1', '2', '3'].map(open))
    await streams.drain({ overMs: 40, retryMs: 1_000 })
    for (const stream of opened) await stream.end()
    const retries = opened.flatMap((stream) => stream.retries)
    expect(retries.toSorted((one, other) => one - other)).toEqual([1_000, 1_010, 1_020, 1_030])
  })

  it('is done at once where there is nothing to end', async () => {
    await new SseManager().drain({ overMs: 60_000, retryMs: 1 })
  })
})
