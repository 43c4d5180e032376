import { commands } from '@repo/discord-integration/types'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { unnamedTokens, type LinkToken } from '../src/tokens/link-token.ts'
import { LinkTokens } from '../src/tokens/link-tokens.ts'
import { ScopeHistory } from '../src/tokens/scope-history.ts'
import { EVERY_SCOPE } from '../src/tokens/scopes.ts'
import { parseTokenFile, tokenOf } from '../src/tokens/token-file.ts'
import { createTokenText, hashOf, TOKEN_PREFIX } from '../src/tokens/token-text.ts'
import { memoryNotes } from './helpers.ts'

const ENTRY = { name: 'web', hash: hashOf('web-token'), guilds: ['1'], events: '*', commands: ['send_message'] }

function parse(...entries: unknown[]) {
  return parseTokenFile(JSON.stringify(entries), 'tokens.json')
}

/** The same, where it is known to be good. */
function tokensOf(...entries: unknown[]): LinkToken[] {
  const read = parse(...entries)
  if (!read.ok) throw new Error(read.problems.join('\n'))
  return read.entries.map(tokenOf)
}

describe('LinkTokens', () => {
  const tokens = new LinkTokens(unnamedTokens(['first-token', 'second-token']))

  it('knows each token, and whose it is', () => {
    expect(tokens.check('Bearer first-token')?.backend).toMatchObject({ name: 'token 1', scopes: EVERY_SCOPE })
    expect(tokens.check('bearer second-token')?.backend.name).toBe('token 2')
  })

  it('takes those of LINK_TOKEN for one backend’s, and none of a file for that one', () => {
    const idOf = (token: string) => tokens.check(`Bearer ${token}`)?.backend.id
    expect(idOf('first-token')).toBe(idOf('second-token'))
    const [named] = tokensOf({ ...ENTRY, name: 'LINK_TOKEN' })
    expect(named?.backend.id).not.toBe(idOf('first-token'))
  })

  it.each([
    undefined,
    '',
    'Bearer',
    'Bearer ',
    'Bearer third-token',
    'Bearer first-token x',
    'Basic first-token',
    'first-token',
    `Bearer ${hashOf('first-token')}`,
  ])('knows nobody by %j', (authorization) => {
    expect(tokens.check(authorization)).toBeNull()
  })

  it('keeps no token as it is', () => {
    expect(JSON.stringify(tokens.check('Bearer first-token'))).not.toContain('first-token')
  })

  it('takes tokens of one name for one backend’s, who changes from one to the next', () => {
    const rotating = new LinkTokens(tokensOf(ENTRY, { ...ENTRY, hash: hashOf('new-token') }))
    expect(rotating.check('Bearer web-token')?.backend).toEqual(rotating.check('Bearer new-token')?.backend)
  })

  it('says what has changed, by name', () => {
    const [kept, wider, revoked] = ['kept', 'wider', 'revoked'].map((name) => ({ ...ENTRY, name, hash: hashOf(name) }))
    const changing = new LinkTokens(tokensOf(kept, wider, revoked))
    const heard = vi.fn()
    changing.onChange(heard)
    const added = { ...ENTRY, name: 'added', hash: hashOf('added') }
    expect(changing.replace(tokensOf(kept, { ...wider, guilds: '*' }, added))).toEqual({
      added: ['added'],
      revoked: ['revoked'],
      changed: ['wider'],
    })
    expect(heard).toHaveBeenCalledOnce()
    expect(changing.check('Bearer revoked')).toBeNull()
    expect(changing.get(hashOf('wider'))?.backend.scopes.guilds).toBeNull()
  })
})

describe('a token that expires', () => {
  beforeEach(() => void vi.useFakeTimers({ now: Date.parse('2026-01-01T00:00:00Z') }))
  afterEach(() => void vi.useRealTimers())

  it('is valid until then, whatever its zone, and whoever stands on it is told', () => {
    const tokens = new LinkTokens(tokensOf({ ...ENTRY, expires: '2026-01-03T01:00:00+01:00' }))
    const heard: boolean[] = []
    tokens.onChange(() => heard.push(tokens.get(ENTRY.hash) !== null))
    vi.advanceTimersByTime(2 * 24 * 60 * 60_000 - 1)
    expect(tokens.check('Bearer web-token')).not.toBeNull()
    vi.advanceTimersByTime(1)
    expect(tokens.check('Bearer web-token')).toBeNull()
    expect(heard.at(-1)).toBe(false)
    expect(vi.getTimerCount()).toBe(0)
  })
})

describe('a file of tokens', () => {
  it('says how far each reaches', () => {
    const [token] = tokensOf({ ...ENTRY, connections: 2, expires: '2026-01-01T00:00:00Z' })
    expect(token).toEqual({
      hash: ENTRY.hash,
      backend: {
        id: expect.any(String),
        name: 'web',
        scopes: { guilds: new Set(['1']), events: null, commands: new Set(['send_message']) },
      },
      connectionsMax: 2,
      expiresAt: Date.parse('2026-01-01T00:00:00Z'),
    })
  })

  it.each<[string, unknown]>([
    ['0.name', { ...ENTRY, name: 'token 1' }],
    ['0.name', { ...ENTRY, name: undefined }],
    ['0.name', { ...ENTRY, name: '' }],
    ['0.name', { ...ENTRY, name: 'x'.repeat(65) }],
    ['0.hash', { ...ENTRY, hash: 'the-token-itself' }],
    ['0.guilds', { ...ENTRY, guilds: undefined }],
    ['0.guilds', { ...ENTRY, guilds: [] }],
    ['0.guilds', { ...ENTRY, guilds: ['*'] }],
    ['0.guilds', { ...ENTRY, guilds: '1' }],
    ['0.events', { ...ENTRY, events: ['message create'] }],
    ['0.events', { ...ENTRY, events: undefined }],
    ['0.commands', { ...ENTRY, commands: ['send'] }],
    ['0.commands', { ...ENTRY, commands: ['toString'] }],
    ['0.connections', { ...ENTRY, connections: 0 }],
    ['0.expires', { ...ENTRY, expires: '2026-01-01' }],
    ['0.guild: unknown field', { ...ENTRY, guild: ['1'] }],
    ['0', null],
  ])('names the file and %s where that is wrong, and shows no value', (place, entry) => {
    const read = parse(entry)
    const problems = read.ok ? [] : read.problems
    expect(problems.length).toBeGreaterThan(0)
    expect(problems[0]).toMatch(new RegExp(`^tokens\\.json: ${place.replaceAll('.', '\\.')}`))
    expect(problems.join()).not.toContain('the-token-itself')
  })

  it('is a list, has no token twice, and is JSON', () => {
    expect(parse(ENTRY, { ...ENTRY, name: 'other' })).toMatchObject({
      problems: [expect.stringContaining('1.hash: the same token as 0.hash')],
    })
    expect(parseTokenFile(JSON.stringify(ENTRY), 'f')).toMatchObject({ ok: false })
    expect(parseTokenFile('[{"hash": "the-token-itself"', 'f')).toEqual({ ok: false, problems: ['f: is not JSON'] })
  })

  it('takes a name of 64 characters', () => {
    expect(tokensOf({ ...ENTRY, name: 'aZ9_.-'.padEnd(64, 'x') })).toHaveLength(1)
  })

  it('may name every command of the table', () => {
    expect(parse({ ...ENTRY, commands: Object.keys(commands) }).ok).toBe(true)
  })
})

describe('a new token', () => {
  it('is kept as its SHA-256, in hexadecimal digits', () => {
    // The example of FIPS 180-2, appendix B.1.
    expect(hashOf('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
  })

  it('is known by its beginning, and is no other', () => {
    const made = new Set(Array.from({ length: 100 }, () => createTokenText()))
    expect(made.size).toBe(100)
    for (const token of made) expect(token).toMatch(/^dgs_[\w-]{43}$/)
    expect(TOKEN_PREFIX).toBe('dgs_')
  })
})

describe('ScopeHistory', () => {
  const named = (name: string, guilds: string[] | '*', hash = name) =>
    tokensOf({ ...ENTRY, name, guilds, hash: hashOf(hash) })

  function started() {
    const log = { epoch: 'e', to: 0 }
    const notes = memoryNotes()
    return { log, notes, history: new ScopeHistory(log, notes), again: () => new ScopeHistory(log, notes) }
  }

  it('knows where scopes became others, also after a restart, and of changes while nobody looked', () => {
    const { log, history, again } = started()
    history.record(named('web', ['1']))
    expect(history.since(hashOf('web'))).toBeNull()
    log.to = 7
    history.record(named('web', ['1', '2']))
    expect(history.since(hashOf('web'))).toEqual({ epoch: 'e', position: 7 })
    log.to = 9
    const restarted = again()
    restarted.record(named('web', ['2', '1']))
    expect(restarted.since(hashOf('web'))).toEqual({ epoch: 'e', position: 7 })
    const changed = again()
    changed.record(named('web', '*'))
    expect(changed.since(hashOf('web'))).toEqual({ epoch: 'e', position: 9 })
  })

  it('takes the ids of a backend’s last token for those of its next, if that reaches as far', () => {
    const { log, history } = started()
    history.record([...named('web', ['1']), ...named('bot', ['1'])])
    log.to = 7
    history.record([...named('web', ['1'], 'next'), ...named('bot', ['1', '2'], 'wider'), ...named('new', ['1'])])
    expect(history.since(hashOf('next'))).toBeNull()
    for (const other of ['wider', 'new']) expect(history.since(hashOf(other))).toEqual({ epoch: 'e', position: 7 })
  })

  it('is not in the way of one token of LINK_TOKEN after the other', () => {
    const { log, history } = started()
    history.record(unnamedTokens(['a']))
    log.to = 7
    history.record(unnamedTokens(['a', 'b']))
    history.record(unnamedTokens(['b']))
    expect(history.since(hashOf('b'))).toBeNull()
  })

  it('does not bring back what a token once had', () => {
    const { log, history } = started()
    history.record([...named('web', ['1']), ...named('other', ['2'])])
    history.record(named('other', ['2']))
    log.to = 7
    history.record([...named('web', ['1', '2']), ...named('other', ['2'])])
    expect(history.since(hashOf('web'))).toEqual({ epoch: 'e', position: 7 })
  })
})
