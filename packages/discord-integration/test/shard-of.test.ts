import { describe, expect, it } from 'vitest'
import { shardOf } from '../src/types/index.ts'

describe('shardOf', () => {
  it('is Discord’s formula', () => {
    expect(shardOf('41771983423143937', 16)).toBe(Number((41771983423143937n >> 22n) % 16n))
    for (const id of ['', 'x', '1.5', '-1', '__proto__']) expect(shardOf(id, 2)).toBeNull()
    for (const count of [0, -1, 1.5, NaN]) expect(shardOf('1', count)).toBeNull()
  })
})
