import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { Turns } from '../../src/server/http/turns.ts'

it('so many pass in a turn, in their order, and others have theirs in between', async () => {
  const turns = new Turns(3)
  const passed: (number | string)[] = []
  for (let index = 0; index < 8; index++) void turns.wait().then(() => passed.push(index))
  await Promise.resolve()
  await Promise.resolve()
  expect(passed).toEqual([0, 1, 2])
  for (const turn of ['a', 'b', 'c']) {
    await nextTurn()
    passed.push(turn)
  }
  expect(passed).toEqual([0, 1, 2, 3, 4, 5, 'a', 6, 7, 'b', 'c'])
})

it('whoever comes alone passes at once, also after many', async () => {
  const turns = new Turns(2)
  const all = Promise.all(Array.from({ length: 5 }, () => turns.wait()))
  await all
  await nextTurn()
  let hasPassed = false
  void turns.wait().then(() => (hasPassed = true))
  await Promise.resolve()
  await Promise.resolve()
  expect(hasPassed).toBe(true)
})

it('whoever comes while others wait stands behind them', async () => {
  const turns = new Turns(1)
  const passed: string[] = []
  const waits = ['first', 'second'].map((name) => turns.wait().then(() => passed.push(name)))
  await nextTurn()
  waits.push(turns.wait().then(() => passed.push('third')))
  await Promise.all(waits)
  expect(passed).toEqual(['first', 'second', 'third'])
})
