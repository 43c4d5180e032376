import type crypto from 'node:crypto'
import { timingSafeEqual } from 'node:crypto'
import { expect, it, vi } from 'vitest'
import { unnamedTokens } from '../src/tokens/link-token.ts'
import { LinkTokens } from '../src/tokens/link-tokens.ts'
import { hashOf } from '../src/tokens/token-text.ts'

// The real one, and a list of what it was given.
vi.mock('node:crypto', async (load) => {
  const real = await load<typeof crypto>()
  return { ...real, timingSafeEqual: vi.fn(real.timingSafeEqual) }
})

it('a link token is compared with every one that there is, right or wrong, and each in constant time', () => {
  const tokens = new LinkTokens(unnamedTokens(['first-token', 'second-token']))
  const compared = vi.mocked(timingSafeEqual)
  for (const token of ['first-token', 'second-token', 'third-token', '']) {
    compared.mockClear()
    tokens.check(`Bearer ${token}`)
    expect(compared.mock.calls.map(([hash]) => Buffer.from(hash as Buffer).toString('hex'))).toEqual(
      ['first-token', 'second-token'].map(hashOf),
    )
  }
})
