import { GatewayIntentBits } from 'discord-api-types/v10'
import { describe, expect, it } from 'vitest'
import { configTable, readConfig } from '../src/config.ts'

const needed = { DISCORD_TOKEN: 'bot.token', LINK_TOKEN: 'a-link-token-long-enough' }

function configOf(environment: Record<string, string>, args: string[] = []) {
  const read = readConfig({ ...needed, ...environment }, args)
  if (!read.ok) throw new Error(read.problems.join('\n'))
  return read.config
}

function problemsOf(environment: Record<string, string>, args: string[] = []): string[] {
  const read = readConfig(environment, args)
  return read.ok ? [] : read.problems
}

describe('readConfig', () => {
  it('has a default for everything but the tokens', () => {
    expect(configOf({})).toEqual({
      discordToken: 'bot.token',
      discordApiUrl: 'https://discord.com/api',
      intents: null,
      compression: 'none',
      linkTokens: ['a-link-token-long-enough'],
      linkTokensFile: null,
      host: '127.0.0.1',
      port: 8787,
      dataDir: '.data/gateway',
      retentionMs: 3_600_000,
      retentionBytes: 512 * 1024 * 1024,
      logLevel: 'info',
      demo: false,
    })
  })

  it('names each variable that is missing, once', () => {
    const missing = ['DISCORD_TOKEN: required', 'LINK_TOKEN: required, or LINK_TOKENS_FILE']
    expect(problemsOf({})).toEqual(missing)
    expect(problemsOf({ DISCORD_TOKEN: ' ', LINK_TOKEN: '' })).toEqual(missing)
  })

  it.each([
    ['GATEWAY_PORT', '80a'],
    ['GATEWAY_PORT', '65536'],
    ['GATEWAY_PORT', '-1'],
    ['DISCORD_API_URL', 'discord.com'],
    ['DISCORD_API_URL', 'ftp://discord.com/api'],
    ['DISCORD_API_URL', 'https://discord.com/api/v10'],
    ['DISCORD_INTENTS', 'Guilds,Nonsense'],
    ['RETENTION_MINUTES', '0'],
    ['RETENTION_MINUTES', '1.5'],
    ['RETENTION_MIB', 'lots'],
    ['LOG_LEVEL', 'loud'],
  ])('%s=%s names itself and what it was given', (name, value) => {
    const problems = problemsOf({ ...needed, [name]: value })
    expect(problems).toHaveLength(1)
    expect(problems[0]).toMatch(new RegExp(`^${name}: `))
    expect(problems[0]).toContain(JSON.stringify(value))
  })

  it('says a bad intent once', () => {
    expect(problemsOf({ ...needed, DISCORD_INTENTS: 'Foo' })).toEqual(['DISCORD_INTENTS: "Foo" is no gateway intent'])
    expect(problemsOf({ ...needed, DISCORD_INTENTS: 'Guilds,Foo' })).toEqual([
      'DISCORD_INTENTS: "Foo" is no gateway intent, got "Guilds,Foo"',
    ])
  })

  it('tells every problem at once', () => {
    expect(problemsOf({ ...needed, GATEWAY_PORT: 'x', LOG_LEVEL: 'y' })).toHaveLength(2)
  })

  it.each([
    ['DISCORD_TOKEN', 'Bot secret.value'],
    ['LINK_TOKEN', 'secret value,other'],
    ['LINK_TOKEN', 'secretvalue,,other'],
  ])('a bad %s is not shown', (name, value) => {
    const problems = problemsOf({ ...needed, [name]: value })
    expect(problems).toHaveLength(1)
    expect(problems[0]).toMatch(new RegExp(`^${name}: `))
    expect(problems[0]).not.toContain('secret')
  })

  it('takes several link tokens', () => {
    expect(configOf({ LINK_TOKEN: 'one-token, another-token' }).linkTokens).toEqual(['one-token', 'another-token'])
  })

  it('takes a file of link tokens in place of them, or beside them', () => {
    const alone = configOf({ LINK_TOKEN: '', LINK_TOKENS_FILE: '/etc/tokens.json' })
    expect(alone).toMatchObject({ linkTokens: [], linkTokensFile: '/etc/tokens.json' })
    expect(configOf({ LINK_TOKENS_FILE: 'x' })).toMatchObject({ linkTokens: [needed.LINK_TOKEN], linkTokensFile: 'x' })
  })

  it('wants long link tokens in production only', () => {
    expect(configOf({ LINK_TOKEN: 'short' }).linkTokens).toEqual(['short'])
    expect(problemsOf({ ...needed, LINK_TOKEN: 'short', NODE_ENV: 'production' })).toEqual([
      'LINK_TOKEN: expected at least 16 characters in each token',
    ])
  })

  it('reads intents as a number or by either spelling of their names', () => {
    const both = GatewayIntentBits.Guilds | GatewayIntentBits.GuildMembers
    expect(configOf({ DISCORD_INTENTS: '3' }).intents).toBe(both)
    expect(configOf({ DISCORD_INTENTS: 'Guilds,GuildMembers' }).intents).toBe(both)
    expect(configOf({ DISCORD_INTENTS: 'GUILDS, GUILD_MEMBERS' }).intents).toBe(both)
    expect(configOf({ DISCORD_INTENTS: '0' }).intents).toBe(0)
  })

  it('drops the slash at the end of the API’s URL', () => {
    expect(configOf({ DISCORD_API_URL: 'http://127.0.0.1:8790/api/' }).discordApiUrl).toBe('http://127.0.0.1:8790/api')
  })

  it('refuses the demo in production, and away from loopback', () => {
    expect(configOf({}, ['--demo']).demo).toBe(true)
    expect(problemsOf({ ...needed, NODE_ENV: 'production' }, ['--demo'])).toEqual([
      '--demo: refused while NODE_ENV is production',
    ])
    expect(problemsOf({ ...needed, GATEWAY_HOST: '0.0.0.0' }, ['--demo'])[0]).toMatch(/^GATEWAY_HOST: /)
  })

  it('refuses an argument that it does not know', () => {
    expect(problemsOf(needed, ['--dem'])[0]).toContain('--dem')
  })
})

it('the table says of each variable what it means', () => {
  expect(configTable.map(({ name }) => name)).toContain('GATEWAY_PORT')
  for (const row of configTable) expect(row).toMatchObject({ meaning: expect.stringMatching(/\.$/) })
})
