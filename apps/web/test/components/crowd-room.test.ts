import { expect, it } from 'vitest'
import { facesInTwoRows } from '../../src/components/channels/use-crowd-room.ts'

it('faces are two rows, the second with room for the number, whatever the width and the size of text', () => {
  expect([203, 338, 268].map((width) => facesInTwoRows(width, 16))).toEqual([13, 25, 19])
  expect(facesInTwoRows(338, 32)).toBe(7 + 4)
  expect(facesInTwoRows(0, 16)).toBe(0)
})
