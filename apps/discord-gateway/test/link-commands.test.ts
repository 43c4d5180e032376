import { describe, expect, it } from 'vitest'
import type { RunCommand } from '../src/command-origin.ts'
import { Backend, errorOf, kinds, startLink, TOKEN } from './link.ts'

describe('commands', () => {
  it('are run with who asks, and acknowledged with their requestId', async () => {
    const asked: unknown[] = []
    await using link = await startLink({
      runCommand: async (...call) => {
        asked.push(call)
        return { success: true, message_id: '9' }
      },
    })
    await using backend = await Backend.open(link.url, { version: 1 })
    backend.command('send_message', { channel_id: '5' }, 'req-1')
    expect(await backend.next()).toMatchObject({
      type: 'ack',
      data: { success: true, message_id: '9' },
      requestId: 'req-1',
    })
    expect(asked).toEqual([
      ['send_message', { channel_id: '5' }, expect.objectContaining({ version: 1, requestId: 'req-1' })],
    ])
    expect(JSON.stringify(asked)).not.toContain(TOKEN)
  })

  it('are run for whom they are said to be, in version 2', async () => {
    const asked: unknown[] = []
    await using link = await startLink({
      runCommand: async (_command, _payload, { actor }) => {
        asked.push(actor)
        return {}
      },
    })
    const data = { command: 'get_status', payload: {}, actor: '42' }
    for (const version of [2, 1] as const) {
      await using backend = await Backend.open(link.url, { version })
      backend.socket.send(JSON.stringify({ type: 'command', data, requestId: 'r', ts: 1 }))
      await backend.until(({ type }) => type === 'ack')
    }
    expect(asked).toEqual(['42', undefined])
  })

  it.each([
    ['{"type":', 'INVALID_JSON', undefined],
    ['[]', 'INVALID_MESSAGE', ''],
    ['{"type":"event","data":{"event":"X","payload":{}},"ts":1}', 'INVALID_MESSAGE', 'type'],
    ['{"type":"command","data":{"payload":{}},"ts":1}', 'INVALID_MESSAGE', 'data.command'],
  ])('%s is answered, and the connection stays', async (text, code, path) => {
    await using link = await startLink()
    await using backend = await Backend.open(link.url, { version: 1 })
    backend.socket.send(text)
    const error = errorOf(await backend.next())
    expect(error.code).toBe(code)
    if (path !== undefined) expect(error.issues?.map((issue) => issue.path)).toContain(path)
    backend.command('get_status', {})
    expect(await backend.next()).toMatchObject({ type: 'ack' })
  })

  it('a binary message is answered too', async () => {
    await using link = await startLink()
    await using backend = await Backend.open(link.url, { version: 1 })
    backend.socket.send(Buffer.from([1, 2, 3]))
    expect(errorOf(await backend.next())).toMatchObject({ code: 'INVALID_MESSAGE' })
  })

  it('an exception of ours is an INTERNAL_ERROR that tells nothing', async () => {
    const runCommand = async () => {
      throw new TypeError('secret internals')
    }
    await using link = await startLink({ runCommand })
    await using backend = await Backend.open(link.url, { version: 1 })
    backend.command('get_status', {}, 'r')
    const answer = await backend.next()
    expect(errorOf(answer).code).toBe('INTERNAL_ERROR')
    expect(JSON.stringify(answer)).not.toContain('secret')
  })

  it('are answered as they are done, in whatever order they came, each once', async () => {
    const done = new Map(['a', 'b', 'c'].map((id) => [id, Promise.withResolvers<object>()]))
    const runCommand: RunCommand = async (_command, _payload, { requestId = '' }) =>
      (await done.get(requestId)?.promise) ?? {}
    await using link = await startLink({ runCommand })
    await using backend = await Backend.open(link.url, { version: 1 })
    for (const id of done.keys()) backend.command('get_status', {}, id)
    for (const id of ['c', 'a', 'b']) {
      done.get(id)?.resolve({})
      expect(await backend.next()).toMatchObject({ type: 'ack', requestId: id })
    }
    // Whatever else would come has come when this is answered.
    backend.command('get_status', {}, 'fence')
    await backend.next()
    expect(backend.messages.map((message) => 'requestId' in message && message.requestId)).toEqual([
      'c',
      'a',
      'b',
      'fence',
    ])
  })

  it('too many in flight are refused, the others answered', async () => {
    const gate = Promise.withResolvers<void>()
    const runCommand = async () => {
      await gate.promise
      return {}
    }
    await using link = await startLink({ runCommand })
    await using backend = await Backend.open(link.url, { version: 1 })
    for (let n = 0; n < 65; n++) backend.command('get_status', {}, `r-${n}`)
    expect(await backend.next()).toMatchObject({
      type: 'error',
      data: { code: 'TOO_MANY_COMMANDS' },
      requestId: 'r-64',
    })
    gate.resolve()
    const answers = await backend.take(64)
    expect(new Set(answers.map(({ type }) => type))).toEqual(new Set(['ack']))
  })

  it('who keeps at bad messages is closed, who sends a good one in between is not', async () => {
    await using link = await startLink({ limits: { badMessagesMax: 3 } })
    await using backend = await Backend.open(link.url, { version: 1 })
    for (let round = 0; round < 3; round++) {
      for (let n = 0; n < 2; n++) backend.socket.send('?')
      backend.command('get_status', {})
      expect(kinds(await backend.take(3))).toEqual(['error', 'error', 'ack'])
    }
    for (let n = 0; n < 3; n++) backend.socket.send('?')
    expect(await backend.closed).toBe(4003)
    expect(backend.messages.slice(-3).map(({ type }) => type)).toEqual(['error', 'error', 'error'])
  })

  it('a message over the limit closes the connection', async () => {
    await using link = await startLink()
    await using backend = await Backend.open(link.url, { version: 1 })
    backend.socket.send('x'.repeat(256 * 1024 + 1))
    expect(await backend.closed).toBe(1009)
  })

  it('who does not take the answers is not read from', async () => {
    let ran = 0
    const runCommand = async () => {
      ran++
      return 'x'.repeat(64 * 1024)
    }
    await using link = await startLink({ runCommand })
    await using backend = await Backend.open(link.url, { version: 1 })
    backend.socket.pause()
    const count = 4000
    for (let n = 0; n < count; n++) backend.command('get_status', { filler: 'x'.repeat(1024) })
    let before = -1
    while (before !== ran) {
      before = ran
      for (let turn = 0; turn < 200; turn++) await new Promise(setImmediate)
    }
    expect(ran).toBeGreaterThan(0)
    expect(ran).toBeLessThan(count / 2)
    backend.socket.resume()
    expect(await backend.take(count)).toHaveLength(count)
  })
})
