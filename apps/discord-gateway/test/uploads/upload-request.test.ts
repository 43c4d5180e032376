import { LinkError, UPLOAD_MAX_BYTES } from '@repo/discord-integration/types'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readUploadRequest } from '../../src/uploads/upload-request.ts'

const read = (url: string, headers: Record<string, string> = {}) => readUploadRequest({ url, headers })

function refusal(url: string, headers: Record<string, string> = {}): LinkError {
  try {
    read(url, headers)
  } catch (error) {
    if (error instanceof LinkError) return error
    throw error
  }
  throw new Error('it was taken')
}

const named = (name: string) => `/uploads?filename=${encodeURIComponent(name)}`

describe('what an upload says of itself', () => {
  it('is its name, its type, and how long it is where that is known', () => {
    expect(
      read('/uploads?filename=glaze%20%C3%A4.png', { 'content-type': 'image/png', 'content-length': '3' }),
    ).toEqual({
      filename: 'glaze ä.png',
      contentType: 'image/png',
      size: 3,
    })
    expect(read('/uploads?filename=notes')).toEqual({
      filename: 'notes',
      contentType: 'application/octet-stream',
      size: undefined,
    })
  })

  it('has a type as it is written, with what belongs to it', () => {
    const typeOf = (type: string) => read('/uploads?filename=a', { 'content-type': type }).contentType
    expect(typeOf('text/plain; charset=utf-8')).toBe('text/plain;charset=utf-8')
    expect(typeOf('IMAGE/PNG')).toBe('image/png')
  })

  it.each([
    ['/uploads', {}, 'BAD_REQUEST', /^filename: /],
    ['/uploads?filename=', {}, 'BAD_REQUEST', /^filename: /],
    ['/uploads?filename=a&filename=b', {}, 'BAD_REQUEST', /^filename: given twice/],
    ['/uploads?filename=a&name=b', {}, 'BAD_REQUEST', /nothing else/],
    ['/uploads?filename=%FF%FE', {}, 'BAD_REQUEST', /^filename: .*UTF-8/],
    ['/uploads?filename=%ED%A0%80', {}, 'BAD_REQUEST', /^filename: /],
    [named('../etc'), {}, 'BAD_REQUEST', /^filename: /],
    [named('a\\b'), {}, 'BAD_REQUEST', /^filename: /],
    [named('a\u0000b'), {}, 'BAD_REQUEST', /^filename: /],
    [named('a\r\nb'), {}, 'BAD_REQUEST', /^filename: /],
    [named('a\u0085b'), {}, 'BAD_REQUEST', /^filename: /],
    [named('x'.repeat(261)), {}, 'BAD_REQUEST', /^filename: /],
    [named('a'), { 'content-type': 'png' }, 'BAD_REQUEST', /^Content-Type: /],
    [named('a'), { 'content-type': `a/${'b'.repeat(300)}` }, 'BAD_REQUEST', /^Content-Type: /],
    [named('a'), { 'content-type': 'multipart/form-data; boundary=x' }, 'BAD_REQUEST', /no form/],
    [named('a'), { 'content-length': String(UPLOAD_MAX_BYTES + 1) }, 'UPLOAD_TOO_LARGE', /10485760/],
  ])('%s with %j is refused, and says why', (url, headers, code, message) => {
    expect(refusal(url, headers as Record<string, string>)).toMatchObject({
      code,
      message: expect.stringMatching(message),
    })
  })

  it('has any name that is none of a path, as it was', () => {
    const name = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 60 })
      .filter((text) => !/[/\\\p{Cc}\uFFFD]/u.test(text))
    fc.assert(
      fc.property(name, (filename) => {
        expect(read(named(filename)).filename).toBe(filename)
        expect(read(`/uploads?${String(new URLSearchParams({ filename }))}`).filename).toBe(filename)
      }),
    )
  })

  it('is a name or refused, whatever the address is', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.webQueryParameters()), (query) => {
        let filename = 'refused'
        try {
          filename = read(`/uploads?filename=${query}`).filename
        } catch (error) {
          expect(error).toMatchObject({ code: 'BAD_REQUEST' })
        }
        expect(filename).toMatch(/^[^/\\\p{Cc}]{1,260}$/u)
      }),
    )
  })

  it('counts characters, not units', () => {
    expect(read(named('😀'.repeat(260))).filename).toHaveLength(520)
    expect(refusal(named('😀'.repeat(261))).code).toBe('BAD_REQUEST')
  })
})
