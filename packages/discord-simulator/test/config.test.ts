import { describe, expect, test } from 'vitest'
import { ConfigError, readConfig } from '../src/config.ts'

describe('readConfig', () => {
  test('has a default for everything', () => {
    expect(readConfig({}, [])).toEqual({ port: 8790, seed: 'tidewater', life: false, botToken: undefined })
  })

  test('takes the environment, and flags over it', () => {
    const env = { SIMULATOR_PORT: '0', SIMULATOR_SEED: 's', SIMULATOR_LIFE: '1', SIMULATOR_BOT_TOKEN: 't.t.t' }
    expect(readConfig(env, [])).toEqual({ port: 0, seed: 's', life: true, botToken: 't.t.t' })
    expect(readConfig(env, ['--no-life']).life).toBe(false)
    expect(readConfig({}, ['--life']).life).toBe(true)
  })

  test.each([
    [{ SIMULATOR_PORT: '65536' }, []],
    [{ SIMULATOR_PORT: 'http' }, []],
    [{ SIMULATOR_LIFE: 'maybe' }, []],
    [{ SIMULATOR_BOT_TOKEN: '' }, []],
    [{}, ['--lifetime']],
    [{}, ['now']],
  ])('refuses %j %j in one line that names it', (env, args) => {
    const named = Object.keys(env)[0] ?? args[0]
    expect(() => readConfig(env, args)).toThrow(ConfigError)
    expect(() => readConfig(env, args)).toThrow(new RegExp(`^[^\n]*${named}[^\n]*$`))
  })
})
