import { expect, it } from 'vitest'
import { isSameFile } from '../src/sqlite/file-identity.ts'

it.each([
  ['itself', { inode: '1', born: '5' }, { inode: '1', born: '5' }, true],
  [
    'itself, of which only now can be told when it was made',
    { inode: '1', born: null },
    { inode: '1', born: '5' },
    true,
  ],
  ['a copy', { inode: '1', born: '5' }, { inode: '2', born: '6' }, false],
  ['a copy that was given its inode', { inode: '1', born: '5' }, { inode: '1', born: '6' }, false],
  [
    'a copy that was given its inode and not changed since',
    { inode: '1', born: '5' },
    { inode: '1', born: null },
    false,
  ],
])('a file is known from %s', (_, noted, now, isSame) => {
  expect(isSameFile(noted, now)).toBe(isSame)
})
