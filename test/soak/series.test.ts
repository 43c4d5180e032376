import { expect, it } from 'vitest'
import { Series } from './series.ts'

function series(value: (minute: number) => number): Series {
  const made = new Series('x')
  for (let second = 0; second <= 600; second += 5) made.add(second * 1_000, value(second / 60))
  return made
}

it('sees through the saw of a heap', () => {
  const { rise, level } = series((minute) => 100 + ((minute * 7) % 1) * 50).trend(0, 60_000)
  expect(Math.abs(rise)).toBeLessThan(5)
  expect(level).toBeLessThan(110)
})

it('sees what grows below it, and not what grew before', () => {
  expect(series((minute) => 100 + minute * 2 + ((minute * 7) % 1) * 50).trend(0, 60_000).rise).toBeCloseTo(20, 0)
  expect(series((minute) => Math.min(minute, 3) * 100).trend(180_000, 60_000).rise).toBe(0)
})
