import fc from 'fast-check'
import { expect, test } from 'vitest'
import { BadOption, createManualClock, startSimulator } from '../src/index.ts'
import type { SimulatorOptions } from '../src/index.ts'

const started = async (options: object): Promise<string> => {
  try {
    await using _ = await startSimulator(options)
    return ''
  } catch (error) {
    if (!(error instanceof BadOption)) throw error
    return error.message
  }
}

/** What each option may not be. */
const BAD = {
  port: [-1, 65_536, 1.5, '8790', NaN],
  seed: [5, null],
  guilds: [1, -1, 2.5, Infinity],
  life: ['yes', 1],
  pace: [0, -1, NaN, Infinity],
  botToken: ['', 'a b', 7],
  privileged: ['members', ['all'], [1]],
  shards: [0, -1, 1.5, Infinity],
  maxConcurrency: [0, NaN],
  sessionStarts: [-1, 0.5],
  identifyWindowMs: [-1, NaN, Infinity],
  guildsPerShard: [0, -5],
  compressedMessageBytes: [0, -1, 0.5, NaN, '100'],
  heartbeatIntervalMs: [0, -1, 0.5, Infinity],
  heartbeatTimeoutMs: [0, -1, NaN],
  resumeWindowMs: [-1, NaN, Infinity],
  replayLimit: [-1, 1.5],
  replayWindowMs: [-1, NaN],
  gatewayUrl: ['', 'http://127.0.0.1:1', 5],
  resumeGatewayUrl: ['', '127.0.0.1'],
  clientSecret: ['', 5],
  publicClient: ['no'],
  redirectUris: ['http://127.0.0.1', ['nowhere']],
  rateLimits: [true, { globalPerSecond: 0 }, { perSecond: 5 }, 50],
  clock: [{}, Date, { now: 5, after: 5 }],
  onTrace: ['stdout', {}],
} as const satisfies Record<keyof SimulatorOptions, readonly unknown[]>

test.each(Object.entries(BAD))('%s was taken whatever it was', async (name, values: readonly unknown[]) => {
  for (const value of values)
    expect([value, await started({ [name]: value })]).toEqual([value, expect.stringMatching(`^${name}\\b.*: `)])
})

test('an option that is not known is refused, and one that is left out is not', async () => {
  expect(await started({ heartbeatInterval: 5 })).toMatch(/^heartbeatInterval: /)
  expect(await started({ seed: undefined })).toBe('')
  expect(
    await started({ clock: createManualClock(0), compressedMessageBytes: Infinity, heartbeatTimeoutMs: Infinity }),
  ).toBe('')
})

test('whatever an option is, it is refused by its name or the simulator runs', { timeout: 60_000 }, async () => {
  const names = Object.keys(BAD).filter((name) => name !== 'guilds' && name !== 'port')
  const value = fc.oneof(
    fc.jsonValue(),
    fc.double(),
    fc.integer(),
    fc.constantFrom(Infinity, -Infinity, NaN, 1n, () => {}),
  )
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...names), value, async (name, given) => {
      const message = await started({ [name]: given })
      expect(message === '' || message.startsWith(name)).toBe(true)
    }),
    { numRuns: 200 },
  )
})
