import { randomBytes } from 'node:crypto'
import { constants, createZstdCompress } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { Inflate } from '../../../src/clients/shard/inflate.ts'

/** As Discord compresses: one frame, flushed after each payload. */
async function compress(payloads: readonly string[]): Promise<Buffer[]> {
  const zstd = createZstdCompress()
  const messages: Buffer[] = []
  let parts: Buffer[] = []
  zstd.on('data', (part: Buffer) => parts.push(part))
  for (const payload of payloads) {
    zstd.write(payload)
    await new Promise<void>((resolve) => zstd.flush(constants.ZSTD_e_flush, resolve))
    messages.push(Buffer.concat(parts))
    parts = []
  }
  zstd.destroy()
  return messages
}

function inflate(maxBytes = 1_000_000) {
  const said: string[] = []
  const texts: string[] = []
  const sizes: number[] = []
  const instance = new Inflate({
    maxBytes,
    text: (text, bytes) => {
      texts.push(text)
      sizes.push(bytes)
    },
    full: () => said.push('full'),
    drained: () => said.push('drained'),
    failed: (error) => said.push(error.message),
  })
  return { instance, said, texts, sizes }
}

describe('Inflate', () => {
  it('gives each message back as its payload, in order', async () => {
    const payloads = ['{"op":10}', `{"d":"${'é😀x'.repeat(100_000)}"}`, '{"op":11}', '{"a":1}']
    const { instance, texts, said } = inflate()
    for (const message of await compress(payloads)) instance.push(message)
    await expect.poll(() => texts).toHaveLength(payloads.length)
    expect(texts).toEqual(payloads)
    expect(said).toEqual([])
    instance.close()
  })

  it('says when too many wait, and when they are through', async () => {
    const payloads = Array.from({ length: 100 }, (_, index) => `{"n":${index}}`)
    const { instance, texts, said } = inflate()
    for (const message of await compress(payloads)) instance.push(message)
    expect(said).toEqual(['full'])
    await expect.poll(() => texts).toHaveLength(100)
    expect(said).toEqual(['full', 'drained'])
    expect(texts).toEqual(payloads)
  })

  it('counts what a message becomes, not what it was: the bound is one of memory', async () => {
    const payload = `{"d":"${'é'.repeat(100_000)}"}`
    const { instance, sizes } = inflate()
    for (const message of await compress([payload])) instance.push(message)
    await expect.poll(() => sizes).toEqual([Buffer.byteLength(payload)])
    instance.close()
  })

  it('says that too much waits also of few messages that are large', async () => {
    const payloads = Array.from({ length: 4 }, () => randomBytes(3 * 1024 * 1024).toString('base64'))
    const { instance, texts, said } = inflate(10_000_000)
    for (const message of await compress(payloads)) instance.push(message)
    expect(said).toEqual(['full'])
    await expect.poll(() => texts).toHaveLength(4)
    expect(said).toEqual(['full', 'drained'])
    instance.close()
  })

  it('fails once for what is no such stream, and for what becomes too much', async () => {
    const noise = inflate()
    noise.instance.push(Buffer.from('this is not compressed at all'))
    noise.instance.push(Buffer.from('nor is this'))
    await expect.poll(() => noise.said).toHaveLength(1)
    expect(noise.texts).toEqual([])

    const bomb = inflate(10_000)
    for (const message of await compress(['{"small":1}', 'x'.repeat(1_000_000)])) bomb.instance.push(message)
    await expect.poll(() => bomb.said).toEqual(['a message becomes more than 10000 bytes'])
    expect(bomb.texts).toEqual(['{"small":1}'])
  })

  it('says nothing any more once it is closed', async () => {
    const { instance, texts, said } = inflate()
    const [message] = await compress(['{"op":10}'])
    if (message) instance.push(message)
    instance.close()
    if (message) instance.push(message)
    await new Promise((resolve) => setImmediate(resolve))
    expect([texts, said]).toEqual([[], []])
  })
})
