import { spawnSync } from 'node:child_process'
import { closeSync, globSync, mkdtempSync, openSync, readdirSync, rmSync, statfsSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startSimulator, type Simulator } from '@repo/discord-simulator'
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import { until } from '../../../test/lib/child.ts'
import { GatewayProcess } from './gateway-process.ts'
import { Backend } from './link.ts'
import { upload } from './uploads/upload-files.ts'

// A disk that is really full: a file system of its own in memory, which only root may mount.
const DISK_MIB = 32
const folder = mkdtempSync(join(tmpdir(), 'full-disk-'))
const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK_MIB}m`, 'tmpfs', folder]).status === 0
if (!mounted) console.warn('full-disk.integration.ts is left out: it needs the right to mount a tmpfs (run it as root)')

let simulator: Simulator
let gateway: GatewayProcess

beforeEach(async () => {
  simulator = await startSimulator({ seed: 'full disk' })
})

afterEach(async () => {
  await gateway?.end('SIGKILL')
  await simulator.close()
  for (const name of readdirSync(folder)) rmSync(join(folder, name), { recursive: true })
})

afterAll(() => {
  if (mounted) spawnSync('umount', [folder])
  rmSync(folder, { recursive: true, force: true })
})

function start(): GatewayProcess {
  const { botToken: DISCORD_TOKEN, apiUrl: DISCORD_API_URL } = simulator
  gateway = new GatewayProcess({
    DISCORD_TOKEN,
    DISCORD_API_URL,
    GATEWAY_DATA_DIR: folder,
    RETENTION_MIB: '4',
    LOG_LEVEL: 'info',
  })
  return gateway
}

const free = () => {
  const { bavail, bsize } = statfsSync(folder)
  return bavail * bsize
}

const filler = join(folder, 'filler')
/** Somebody else takes what there is, to the last block. */
function fill(): void {
  const file = openSync(filler, 'a')
  try {
    for (;;) writeSync(file, Buffer.alloc(64 * 1024))
  } catch {
    // Full now.
  } finally {
    closeSync(file)
  }
}

let number = 0
function say(times: number): void {
  const [guild] = simulator.world.guilds()
  const place = { guild_id: guild?.id, channel_id: '1', user_id: '1' }
  for (let n = 0; n < times; n += 1) {
    simulator.dispatch('TYPING_START', { ...place, timestamp: (number += 1), text: 'x'.repeat(4_000) })
  }
}

describe.skipIf(!mounted)('a small disk', () => {
  it('is never filled by what only waits to be moved', async () => {
    const port = await start().ready()
    await using backend = await Backend.open(`ws://127.0.0.1:${port}`)
    await backend.live()
    let least = free()
    // Many times what is kept, and several times the disk.
    for (let round = 0; round < 40; round += 1) {
      say(500)
      await backend.until((message) => message.type === 'event' && seen(message.data.payload) === number)
      least = Math.min(least, free())
    }
    expect(least).toBeGreaterThan(2 * 1024 * 1024)
    expect(gateway.output).not.toMatch(/"level":(?:50|60)/)
    expect(await gateway.end()).toBe(0)
  })

  it('that somebody else fills is said once in a while, ends nothing, and is gone on from when there is room', async () => {
    const port = await start().ready()
    await using backend = await Backend.open(`ws://127.0.0.1:${port}`)
    await backend.live()
    fill()
    say(3_000)
    await until('it to be said', () => gateway.output.includes('could not be stored'))
    rmSync(filler)
    await backend.until((message) => message.type === 'event' && seen(message.data.payload) === number)
    const errors = gateway.output.split('\n').filter((line) => line.includes('"level":50'))
    expect(errors.length).toBeLessThan(30)
    expect(await gateway.end()).toBe(0)
  })

  it('has no room for an upload, which says so and leaves nothing behind, and later has', async () => {
    const port = await start().ready()
    const uploaded = () => globSync('**/uploads/*', { cwd: folder })
    fill()
    const refused = await upload(port, Buffer.alloc(1024 * 1024))
    expect(refused).toMatchObject({ status: 507, body: { error: { code: 'STORAGE_FULL' } } })
    expect(uploaded()).toEqual([])
    rmSync(filler)
    expect(await upload(port, Buffer.alloc(1024 * 1024))).toMatchObject({ status: 201 })
    expect(uploaded()).toHaveLength(2)
    expect(await gateway.end()).toBe(0)
  })

  it('that is full when the process is told to end lets it end in order, and start again', async () => {
    await start().ready()
    fill()
    say(3_000)
    await until('it to be said', () => gateway.output.includes('could not be stored'))
    expect(await gateway.end()).toBe(0)
    rmSync(filler)
    const port = await start().ready()
    await using backend = await Backend.open(`ws://127.0.0.1:${port}`)
    await backend.live()
    expect(simulator.connections().every(({ opened_by }) => opened_by !== null)).toBe(true)
    expect(await gateway.end()).toBe(0)
  })
})

describe.skipIf(!mounted)('a disk that somebody else has filled', () => {
  it.each(['SIGKILL', 'SIGTERM'] as const)(
    'lets a gateway start after %s, again and again, and serve what it knows',
    async (signal) => {
      const port = await start().ready()
      await using backend = await Backend.open(`ws://127.0.0.1:${port}`)
      await backend.live()
      say(3_000)
      await backend.until((message) => message.type === 'event' && seen(message.data.payload) === number)
      fill()
      await gateway.end(signal)
      for (let starts = 1; starts <= 3; starts += 1) {
        fill()
        await using served = await Backend.open(`ws://127.0.0.1:${await start().port}`)
        await served.live()
        const guilds = served.messages.filter(({ type, data }) => type === 'event' && data.event === 'GUILD_CREATE')
        expect(guilds).toHaveLength(simulator.world.guilds().length)
        say(1_000)
        await gateway.end(signal)
      }
      rmSync(filler)
      await using late = await Backend.open(`ws://127.0.0.1:${await start().ready()}`)
      await late.live()
      say(1)
      await late.until((message) => message.type === 'event' && seen(message.data.payload) === number)
      expect(gateway.output).toContain('the log goes on')
      expect(await gateway.end()).toBe(0)
    },
  )
})

const seen = (payload: unknown) => (payload as { timestamp?: unknown }).timestamp
