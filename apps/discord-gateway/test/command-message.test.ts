import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readCommand } from '../src/link/command-message.ts'

const command = { type: 'command', data: { command: 'get_status', payload: {} }, ts: 1 }

function failureOf(message: unknown) {
  const read = readCommand(typeof message === 'string' ? message : JSON.stringify(message), 2)
  if (read.ok) throw new Error('it was understood')
  return read
}

describe('readCommand', () => {
  it.each(['r', 'é'.repeat(128), undefined])('reads a command, of the id %j', (requestId) => {
    const message = { ...command, ...(requestId !== undefined && { requestId }) }
    expect(readCommand(JSON.stringify(message), 2)).toEqual({ ok: true, message })
  })

  it('reads for whom it is in version 2, and passes over that in version 1', () => {
    const of = (actor: unknown) => JSON.stringify({ ...command, data: { ...command.data, actor } })
    expect(readCommand(of('42'), 2)).toMatchObject({ ok: true, message: { data: { actor: '42' } } })
    const [ofOld, ofAny] = [readCommand(of('42'), 1), readCommand(of({ a: 1 }), 1)]
    expect(ofOld).toEqual({ ok: true, message: command })
    expect(ofAny).toEqual(ofOld)
  })

  it('what is not JSON is not quoted', () => {
    const { error } = failureOf('{"content":"secret')
    expect(error.code).toBe('INVALID_JSON')
    expect(error.message).not.toContain('secret')
  })

  it('says of a command without a payload what belongs there', () => {
    const { error } = failureOf({ ...command, data: { command: 'get_status' } })
    expect(error.message).toContain('data.payload: must be there: {} for a command that takes nothing')
  })

  it.each([
    [{ ...command, type: 'event' }, 'type'],
    [{ ...command, data: { payload: {} } }, 'data.command'],
    [{ ...command, data: 5 }, 'data'],
    [{ ...command, data: { ...command.data, actor: 42 } }, 'data.actor'],
    [{ ...command, data: { ...command.data, actor: '42\n7' } }, 'data.actor'],
    [{ ...command, requestId: '' }, 'requestId'],
    [{ ...command, requestId: 7 }, 'requestId'],
    [{ ...command, ts: 'now' }, 'ts'],
  ])('%j names what is wrong', (message, path) => {
    const { error } = failureOf(message)
    expect(error.code).toBe('INVALID_MESSAGE')
    expect(error.issues?.map((issue) => issue.path)).toContain(path)
    expect(error.message).toContain(`${path}: `)
  })

  it('answers with the request’s id where it can be read', () => {
    expect(failureOf({ ...command, ts: 'now', requestId: 'r-1' }).requestId).toBe('r-1')
    expect(failureOf({ ...command, ts: 'now', requestId: 'r'.repeat(129) }).requestId).toBeUndefined()
  })

  it('anything at all gets an answer', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json(),
          fc.jsonValue().map((value) => JSON.stringify(value)),
        ),
        (text) => {
          const read = readCommand(text, 2)
          if (!read.ok) expect(['INVALID_JSON', 'INVALID_MESSAGE']).toContain(read.error.code)
        },
      ),
    )
  })

  it('depth is no way to crash it', () => {
    expect(failureOf('['.repeat(200_000)).error.code).toBe('INVALID_JSON')
    expect(failureOf('['.repeat(100_000) + ']'.repeat(100_000)).error.code).toBe('INVALID_MESSAGE')
  })
})
