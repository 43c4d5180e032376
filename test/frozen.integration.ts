import { expect, test } from 'vitest'
import { measureFrozen } from './soak/frozen.ts'

const KIB = 1_024

/**
 * What a socket of the gateway's holds before its cursor waits, and the batch that filled it, are 512 KiB. As much again is
 * what two measurements differ by for other reasons, on 40 consumers.
 */
const MOST_BYTES = 1_024 * KIB

test('a frozen consumer costs a bounded memory, however much is sent meanwhile', async () => {
  const { backend, browser } = await measureFrozen({ consumers: 40, mib: 16 })
  console.log(`a frozen backend: ${Math.round(backend / KIB)} KiB; a frozen browser: ${Math.round(browser / KIB)} KiB`)
  expect(backend).toBeLessThan(MOST_BYTES)
  expect(browser).toBeLessThan(MOST_BYTES)
})
