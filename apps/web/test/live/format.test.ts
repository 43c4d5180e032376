import { expect, test } from 'vitest'
import { clockSpan } from '../../src/live/format.ts'

test('a span within a minute is said with its seconds, and a longer one without', () => {
  const at = (minute: number, second: number) => new Date(2026, 0, 5, 1, minute, second).getTime()
  expect(clockSpan(at(34, 5), at(34, 12))).toBe('01:34:05–01:34:12')
  expect(clockSpan(at(34, 5), at(34, 5))).toBe('01:34:05')
  expect(clockSpan(at(34, 58), at(35, 2))).toBe('01:34–01:35')
  expect(clockSpan(at(2, 0), at(5, 0))).toBe('01:02–01:05')
})
