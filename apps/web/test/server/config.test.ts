import { describe, expect, it } from 'vitest'
import { configTable, readConfig } from '../../src/server/config.ts'
import { mayOperate } from '../../src/server/ops/ops-users.ts'

const enough = { LINK_TOKEN: 'secret' }

describe('readConfig', () => {
  it('has those who may see how the whole runs as ids, and nobody where none are named', () => {
    const usersOf = (list: string) => readConfig({ ...enough, OPS_USERS: list }, []).OPS_USERS
    expect(usersOf('123, 456')).toEqual(new Set(['123', '456']))
    expect(usersOf('  ')).toBeNull()
    for (const list of ['somebody', '123,', '1 2']) expect(() => usersOf(list)).toThrow(/^OPS_USERS/)
    const may = (list: string | undefined, flags: string[]) =>
      mayOperate(readConfig({ ...enough, OPS_USERS: list }, flags), '123')
    expect([may('123', []), may('9', ['--demo']), may(undefined, ['--demo']), may(undefined, [])]).toEqual([
      true,
      false,
      true,
      false,
    ])
  })

  it('has a default for everything but the token', () => {
    expect(readConfig(enough, [])).toEqual({
      PORT: 3000,
      WEB_HOST: '127.0.0.1',
      PUBLIC_URL: null,
      GATEWAY_PORT: 8787,
      GATEWAY_WS_URL: 'ws://127.0.0.1:8787',
      LINK_TOKEN: 'secret',
      DISCORD_API_URL: 'https://discord.com/api',
      DISCORD_AUTHORIZE_URL: 'https://discord.com/oauth2/authorize',
      DISCORD_CLIENT_ID: null,
      DISCORD_CLIENT_SECRET: null,
      DEMO_PEOPLE: null,
      WEB_DATA_DIR: '.data/web',
      WEB_RETENTION_MIB: 64,
      STREAMS_PER_USER: 16,
      STREAMS_TOTAL: 20_000,
      OPS_USERS: null,
      READS_PER_MINUTE: 240,
      WRITES_PER_MINUTE: 30,
      UPLOAD_MIB: 100,
      LOG_LEVEL: 'info',
      demo: false,
    })
    expect(() => readConfig({}, [])).toThrow(/^LINK_TOKEN: must be set/)
    expect(() => readConfig({ LINK_TOKEN: ' ,b' }, [])).toThrow(/^LINK_TOKEN: /)
  })

  it('follows the gateway’s port, unless told where the gateway is', () => {
    expect(readConfig({ ...enough, GATEWAY_PORT: '9000' }, []).GATEWAY_WS_URL).toBe('ws://127.0.0.1:9000')
    const url = 'wss://gateway.example.com/'
    expect(readConfig({ ...enough, GATEWAY_PORT: '9000', GATEWAY_WS_URL: url }, []).GATEWAY_WS_URL).toBe(url)
  })

  it('uses the first of several tokens, and takes an empty value for none', () => {
    expect(readConfig({ LINK_TOKEN: 'new , old', PORT: '' }, [])).toMatchObject({ LINK_TOKEN: 'new', PORT: 3000 })
  })

  it.each([
    ['PORT', 'http'],
    ['PORT', '70000'],
    ['GATEWAY_PORT', '0'],
    ['GATEWAY_WS_URL', 'http://127.0.0.1'],
    ['PUBLIC_URL', 'example.com'],
    ['DISCORD_API_URL', 'discord.com'],
    ['DISCORD_AUTHORIZE_URL', 'javascript:0'],
    ['DISCORD_CLIENT_ID', 'gantry'],
    ['DEMO_PEOPLE', 'umberfox'],
    ['WEB_RETENTION_MIB', '-1'],
    ['STREAMS_TOTAL', '1.5'],
    ['LOG_LEVEL', 'loud'],
  ])('names a bad %s and does not quote it', (name, value) => {
    expect(() => readConfig({ ...enough, [name]: value }, [])).toThrow(new RegExp(`^${name}: `))
    expect(() => readConfig({ ...enough, [name]: value }, [])).not.toThrow(new RegExp(`: .*${value}`))
  })

  it('wants both halves of what Discord knows the application by', () => {
    const both = { DISCORD_CLIENT_ID: '12', DISCORD_CLIENT_SECRET: 'hush' }
    expect(readConfig({ ...enough, ...both }, [])).toMatchObject(both)
    expect(() => readConfig({ ...enough, DISCORD_CLIENT_ID: '12' }, [])).toThrow(/^DISCORD_CLIENT_SECRET: must be set/)
    expect(() => readConfig({ ...enough, DISCORD_CLIENT_SECRET: 'hush' }, [])).toThrow(/^DISCORD_CLIENT_ID: must be/)
  })

  it('says what kind of URL it wants', () => {
    expect(() => readConfig({ ...enough, GATEWAY_WS_URL: 'http://x' }, [])).toThrow(/^GATEWAY_WS_URL: .*ws or wss URL/)
    expect(() => readConfig({ ...enough, PUBLIC_URL: 'foo' }, [])).toThrow(/^PUBLIC_URL: .*http or https URL/)
  })

  it('runs the demo by its flag alone, on loopback, and not in production', () => {
    expect(readConfig({ ...enough, DEMO: '1' }, ['node', 'main.ts']).demo).toBe(false)
    expect(readConfig(enough, ['node', 'main.ts', '--demo']).demo).toBe(true)
    expect(() => readConfig({ ...enough, WEB_HOST: '0.0.0.0' }, ['--demo'])).toThrow(/^WEB_HOST: /)
    expect(() => readConfig({ ...enough, NODE_ENV: 'production' }, ['--demo'])).toThrow(/^NODE_ENV: /)
    expect(readConfig({ ...enough, NODE_ENV: 'production', WEB_HOST: '0.0.0.0' }, []).demo).toBe(false)
  })

  it('documents every setting it reads', () => {
    const read = Object.keys(readConfig(enough, [])).filter((name) => name !== 'demo')
    expect(configTable.map(({ name }) => name).sort()).toEqual(read.sort())
    for (const { meaning } of configTable) expect(meaning).toMatch(/\.$|\S$/)
  })
})
