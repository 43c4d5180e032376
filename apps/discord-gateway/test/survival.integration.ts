import { statSync, writeFileSync } from 'node:fs'
import { SqliteLog } from '@repo/event-feed/sqlite'
import { describe, expect, it } from 'vitest'
import { until } from '../../../test/lib/child.ts'
import { logPath } from '../src/log-path.ts'
import { isNumber, lastId, linkUrl, numbers, useGateways } from './gateways.ts'
import { ask, Backend } from './link.ts'

const gateways = useGateways('survival')
const { start, opened, type, anotherDiscord } = gateways

const path = () => logPath(gateways.dataDir, gateways.simulator.apiUrl, gateways.simulator.botToken)

describe('the Gateway Service, ended and started again', () => {
  it.each(['SIGKILL', 'SIGTERM'] as const)(
    'after %s it resumes, and a backend gets what it missed, once',
    async (signal) => {
      const first = start()
      let port = await first.ready()
      let id: string
      {
        await using backend = await Backend.open(linkUrl(port))
        await backend.live()
        type(1)
        id = lastId(await backend.until(isNumber(1)))
        type(2)
        await backend.until(isNumber(2))
      }
      await first.end(signal)
      type(3)
      type(4)
      port = await start().ready()
      expect(opened()).toEqual(['identify', 'resume'])
      await using again = await Backend.open(linkUrl(port), { lastEventId: id })
      const missed = await again.until(isNumber(4))
      expect(missed[0]).toMatchObject({ type: 'sync', data: { state: 'resumed' } })
      expect(numbers(missed)).toEqual([2, 3, 4])
      type(5)
      expect(numbers(await again.until(isNumber(5)))).toEqual([5])
    },
  )

  it('serves what it knows while Discord is away, without an IDENTIFY when that is back', async () => {
    const first = start()
    await first.ready()
    await first.end('SIGKILL')
    gateways.simulator.faults.inject({ kind: 'refuse', status: 503 })
    const second = start()
    const port = await second.port
    await using backend = await Backend.open(linkUrl(port))
    const beginning = await backend.live()
    expect(
      beginning.filter((message) => message.type === 'event' && message.data.event === 'GUILD_CREATE'),
    ).toHaveLength(2)
    expect((await ask(port, '/readyz')).status).toBe(503)
    gateways.simulator.faults.lift()
    await second.ready()
    expect(opened().filter((how) => how === 'identify')).toHaveLength(1)
    // It is asked less and less often, so a slow machine may have to wait for the next time.
  }, 90_000)

  it('tells a new backend of a guild that has been down since READY, also after a restart', async () => {
    const [up, down] = gateways.simulator.world.guilds()
    if (!up || !down) throw new Error('the world has too few guilds')
    down.unavailable = true
    const first = start()
    await until('READY', () => first.output.includes('shard is ready'))
    gateways.simulator.dispatch('GUILD_DELETE', { id: down.id, unavailable: true })
    const told = async (port: number) => {
      await using backend = await Backend.open(linkUrl(port))
      return (await backend.live()).flatMap((message) =>
        message.type === 'event' ? [[message.data.event, (message.data.payload as { id: string }).id]] : [],
      )
    }
    const both = [
      ['GUILD_DELETE', down.id],
      ['GUILD_CREATE', up.id],
    ]
    expect(await told(await first.ready())).toEqual(both)
    await first.end()
    const port = await start().ready()
    expect(opened()).toEqual(['identify', 'resume'])
    expect(await told(port)).toEqual(both)
  })

  it('identifies anew when the intents are others', async () => {
    const first = start({ DISCORD_INTENTS: 'Guilds,GuildMessages' })
    await first.ready()
    await first.end()
    await start({ DISCORD_INTENTS: 'Guilds' }).ready()
    expect(opened()).toEqual(['identify', 'identify'])
  })

  it('identifies anew when the shard count is another, and its log goes on', async () => {
    const first = start()
    let port = await first.ready()
    let id: string
    {
      await using backend = await Backend.open(linkUrl(port))
      id = lastId(await backend.live())
    }
    await first.end()
    await anotherDiscord({ port: Number(new URL(gateways.simulator.url).port), shards: 2 })
    port = await start().ready()
    expect(opened()).toEqual(['identify', 'identify'])
    await using again = await Backend.open(linkUrl(port), { lastEventId: id })
    expect((await again.live())[0]).toMatchObject({ data: { state: 'resumed' } })
  })

  it.each(['bot', 'origin'] as const)('has another log for another %s, and identifies anew', async (what) => {
    const first = start()
    let port = await first.ready()
    let id: string
    {
      await using backend = await Backend.open(linkUrl(port))
      id = lastId(await backend.live())
    }
    await first.end()
    const before = { path: path(), token: gateways.simulator.botToken }
    const samePort = Number(new URL(gateways.simulator.url).port)
    const anothersToken = `${Buffer.from('200000000000000001').toString('base64')}.another.bot`
    await anotherDiscord(what === 'bot' ? { port: samePort, botToken: anothersToken } : {})
    expect(gateways.simulator.botToken === before.token).toBe(what === 'origin')
    expect(path()).not.toBe(before.path)
    port = await start().ready()
    expect(opened()).toEqual(['identify'])
    await using again = await Backend.open(linkUrl(port), { lastEventId: id })
    const told = await again.live()
    expect(told[0]).toMatchObject({ data: { state: 'snapshot', reason: 'foreign' } })
    const guilds = told.flatMap((message) => (message.type === 'event' ? [message.data.payload] : []))
    expect(guilds).toMatchObject(gateways.simulator.world.guilds().map((guild) => ({ id: guild.id })))
  })

  it('puts a damaged log aside, says so, and begins anew: an id from before is foreign', async () => {
    const first = start()
    let port = await first.ready()
    let id: string
    {
      await using backend = await Backend.open(linkUrl(port))
      id = lastId(await backend.live())
    }
    await first.end()
    writeFileSync(path(), 'x'.repeat(statSync(path()).size))
    const second = start()
    port = await second.ready()
    expect(second.output).toContain('the log was damaged and has been put aside')
    await using backend = await Backend.open(linkUrl(port), { lastEventId: id })
    expect((await backend.live())[0]).toMatchObject({ data: { state: 'snapshot', reason: 'foreign' } })
  })

  it('does not start over a log that another one has open', async () => {
    await start().ready()
    const second = start()
    expect(await second.exit).toBe(1)
    expect(second.output).toMatch(/^discord-gateway: GATEWAY_DATA_DIR: another process has it open: .*events\.db/m)
  })

  it('identifies within seconds though the last time was by a clock that was hours ahead, and says so', async () => {
    const log = await SqliteLog.open({ path: path(), maxAgeMs: 1, maxBytes: 1 })
    log.notes.set('identifies', JSON.stringify([Date.now() + 6 * 3_600_000]))
    await log.close()
    const gateway = start()
    await gateway.ready()
    expect(gateway.output).toContain('the clock was ahead when identifies were sent')
  })

  it('does not spend the reserve of the day’s identifies, and says why it waits', async () => {
    const log = await SqliteLog.open({ path: path(), maxAgeMs: 1, maxBytes: 1 })
    log.notes.set('identifies', JSON.stringify(Array.from({ length: 900 }, () => Date.now() - 60_000)))
    await log.close()
    const gateway = start()
    const port = await gateway.port
    await until('it to be said', () => gateway.output.includes('down to the reserve'))
    expect(opened()).toEqual([])
    const { status, body } = await ask(port, '/readyz')
    expect(status).toBe(503)
    expect(JSON.stringify(body)).toContain('100 of the day’s 1000 identifies are left')
    expect((await ask(port, '/metrics')).body).toContain('discord_gateway_identifies_exhausted 1')
  })
})
