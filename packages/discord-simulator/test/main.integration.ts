import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { DEFAULT_BOT_TOKEN, createPlan, printPlan } from '../src/index.ts'

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url))

/** The simulator as a process of its own. */
function run(env: Record<string, string>, args: string[] = []) {
  const child = spawn(process.execPath, [MAIN, ...args], { env: { PATH: process.env['PATH'], ...env } })
  const lines: string[] = []
  let errors = ''
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()))
  const exited = new Promise<number | null>((resolve) => child.once('close', resolve))
  const ready = new Promise<void>((resolve, reject) => {
    createInterface(child.stdout).on('line', (line) => {
      lines.push(line)
      if (line.startsWith('ready')) resolve()
    })
    void exited.then(() => reject(new Error(`ended before it was ready: ${errors}`)))
  })
  // Those that are to fail have nobody waiting for this.
  ready.catch(() => {})
  const said = (name: string) =>
    lines
      .find((line) => line.startsWith(name))
      ?.split(/\s+/)
      .at(-1) ?? ''
  return {
    lines,
    said,
    ready,
    exited,
    errors: () => errors,
    signal: (name: 'SIGTERM' | 'SIGINT') => child.kill(name),
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGKILL')
      await exited
    },
  }
}

describe('the simulator as a process', () => {
  test('says where it is, in a few lines, and is there', async () => {
    await using simulator = run({ SIMULATOR_PORT: '0', SIMULATOR_SEED: 'x' }, ['--life'])
    await simulator.ready
    expect(simulator.lines).toHaveLength(6)
    expect(simulator.lines.at(-1)).toBe('ready, life on')
    expect(simulator.said('bot token')).toBe(DEFAULT_BOT_TOKEN)
    expect((await fetch(simulator.said('page'))).headers.get('content-type')).toContain('text/html')
    const response = await fetch(`${simulator.said('REST')}/gateway/bot`, {
      headers: { authorization: `Bot ${simulator.said('bot token')}` },
    })
    expect(await response.json()).toMatchObject({ url: simulator.said('gateway') })
  })

  test('prints the faults that are to come, so that they can be had again', async () => {
    await using simulator = run({ SIMULATOR_PORT: '0', SIMULATOR_FAULTS: 'storm' })
    await simulator.ready
    const planned = printPlan(createPlan({ seed: 'storm' })).split('\n')
    expect(simulator.lines.slice(5, -1)).toEqual(planned)
  })

  test.each(['SIGTERM', 'SIGINT'] as const)('ends with 0 within a second of %s, also with clients', async (signal) => {
    await using simulator = run({ SIMULATOR_PORT: '0' }, ['--life'])
    await simulator.ready
    const socket = new WebSocket(`${simulator.said('gateway')}/?v=10&encoding=json`)
    await new Promise((resolve) => socket.once('message', resolve))
    // One that never answers a close frame.
    socket.pause()
    const asked = performance.now()
    simulator.signal(signal)
    expect(await simulator.exited).toBe(0)
    expect(performance.now() - asked).toBeLessThan(1_000)
    socket.terminate()
  })

  test('ends with 1 and one line when its port is taken', async () => {
    await using first = run({ SIMULATOR_PORT: '0' })
    await first.ready
    await using second = run({ SIMULATOR_PORT: new URL(first.said('gateway')).port })
    expect(await second.exited).toBe(1)
    expect(second.errors()).toMatch(/^discord-simulator: .*SIMULATOR_PORT.*\n$/)
    expect(second.lines).toEqual([])
  })

  test.each([
    [{ SIMULATOR_PORT: 'eighty' }, [], 'SIMULATOR_PORT'],
    [{ SIMULATOR_LIFE: 'eternal' }, [], 'SIMULATOR_LIFE'],
    [{}, ['--lively'], '--lively'],
  ])('ends with 1 and one line for %j %j', async (env: Record<string, string>, args: string[], named) => {
    await using simulator = run(env, args)
    expect(await simulator.exited).toBe(1)
    expect(simulator.errors().trimEnd().split('\n')).toEqual([expect.stringContaining(named)])
  })
})
