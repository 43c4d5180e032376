import {
  chmodSync,
  chownSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { LinkTokens } from '../../apps/discord-gateway/src/tokens/link-tokens.ts'
import { readTokenFile, tokenOf } from '../../apps/discord-gateway/src/tokens/token-file.ts'
import { tokenCommand } from './token-command.ts'

let folder: string
let file: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tokens-'))
  file = join(folder, 'tokens.json')
})

afterEach(() => rmSync(folder, { recursive: true, force: true }))

const scopes = ['--guilds', '1,2', '--events', '*', '--commands', '']
const create = (...more: string[]) => tokenCommand(['create', '--name', 'web', ...scopes, ...more], {})
const tokenIn = (output: string) => /^dgs_[\w-]{43}$/m.exec(output)?.[0] ?? expect.fail(output)

describe('create', () => {
  it('prints a token that its entry lets in, and keeps nothing of it', () => {
    const { exitCode, output } = create('--connections', '3', '--expires', '2099-01-01T00:00:00Z')
    expect(exitCode).toBe(0)
    const entry: unknown = JSON.parse(output.slice(output.indexOf('{')))
    writeFileSync(file, JSON.stringify([entry]))
    const read = readTokenFile(file)
    if (!read.ok) throw new Error(read.problems.join())
    const tokens = new LinkTokens(read.entries.map(tokenOf))
    expect(tokens.check(`Bearer ${tokenIn(output)}`)).toMatchObject({
      backend: { name: 'web', scopes: { guilds: new Set(['1', '2']), events: null, commands: new Set() } },
      connectionsMax: 3,
    })
    tokens.close()
    expect(JSON.stringify(entry)).not.toContain(tokenIn(output))
  })

  it('writes the entry beside those that are there, and says which of a name are old', () => {
    const first = create('--file', file)
    expect(first.output).not.toContain('revoke')
    const second = create('--file', file)
    expect(second.output).toMatch(/web has 2 tokens now.*revoke --name web --hash [0-9a-f]{12}/)
    expect(tokenIn(first.output)).not.toBe(tokenIn(second.output))
    expect(readTokenFile(file)).toMatchObject({ ok: true, entries: [{ name: 'web' }, { name: 'web' }] })
    expect(readFileSync(file, 'utf8')).not.toContain('dgs_')
    expect(statSync(file).mode & 0o077).toBe(0)
  })

  it.each([
    [['--guilds', 'x'], '--guilds'],
    [['--guilds', ''], '--guilds'],
    [['--events', 'message_create'], '--events.0'],
    [['--commands', 'send'], '--commands.0'],
    [['--connections', 'many'], '--connections'],
    [['--expires', 'tomorrow'], '--expires'],
    [['--expires', '2001-01-01T00:00:00Z'], '--expires'],
    [['--name', 'a b'], '--name'],
    [['--nonsense'], '--nonsense'],
    [['README.md', 'apps'], 'README.md'],
  ])('%j is refused by name, and writes nothing', (more, named) => {
    const { exitCode, output } = create('--file', file, ...more)
    expect(exitCode).toBe(1)
    expect(output).toContain(named)
    expect(readTokenFile(file).ok).toBe(false)
  })

  it('wants each scope said: none is as wide as possible by itself', () => {
    for (const scope of ['guilds', 'events', 'commands']) {
      const at = scopes.indexOf(`--${scope}`)
      const { exitCode, output } = tokenCommand(['create', '--name', 'web', ...scopes.toSpliced(at, 2)], {})
      expect([exitCode, output]).toEqual([1, expect.stringContaining(`--${scope}: required`)])
    }
  })

  it('leaves a file alone that it cannot read', () => {
    writeFileSync(file, '[{"name":"web"}]')
    const { exitCode, output } = create('--file', file)
    expect([exitCode, output]).toEqual([1, expect.stringContaining('0.hash')])
    expect(readFileSync(file, 'utf8')).toBe('[{"name":"web"}]')
  })
})

describe('the file', () => {
  it('is that of LINK_TOKENS_FILE for create too, unless --file says another', () => {
    const environment = { LINK_TOKENS_FILE: file }
    const another = join(folder, 'another.json')
    const args = ['create', '--name', 'web', ...scopes]
    expect(tokenCommand(args, environment).output).toContain(`Its entry is in ${file}.`)
    expect(tokenCommand([...args, '--file', another], environment).output).toContain(another)
    for (const one of [file, another])
      expect(readTokenFile(one)).toMatchObject({ ok: true, entries: [{ name: 'web' }] })
  })

  it('keeps its mode, for a gateway that reads it as another user', () => {
    create('--file', file)
    chmodSync(file, 0o640)
    create('--file', file)
    expect(statSync(file).mode & 0o7777).toBe(0o640)
    expect(readdirSync(folder)).toEqual(['tokens.json'])
  })

  it.runIf(process.getuid?.() === 0)('keeps its owner and group when root writes it', () => {
    create('--file', file)
    chownSync(file, 12_345, 23_456)
    chmodSync(file, 0o440)
    tokenCommand(['revoke', '--name', 'web'], { LINK_TOKENS_FILE: file })
    const { uid, gid, mode } = statSync(file)
    expect({ uid, gid, mode: mode & 0o7777 }).toEqual({ uid: 12_345, gid: 23_456, mode: 0o440 })
  })

  it.each(['there', 'not there yet'])('behind symbolic links is written, and the links stay: %s', (is) => {
    mkdirSync(join(folder, 'mounted'))
    const target = join(folder, 'mounted', 'real.json')
    if (is === 'there') writeFileSync(target, '[]')
    symlinkSync(join('mounted', 'real.json'), join(folder, 'link.json'))
    symlinkSync('link.json', file)
    expect(create('--file', file).exitCode).toBe(0)
    expect(readlinkSync(file)).toBe('link.json')
    expect(lstatSync(target).isFile()).toBe(true)
    expect(readTokenFile(target)).toMatchObject({ ok: true, entries: [{ name: 'web' }] })
  })

  it('that cannot be written is said, with why, and nothing is left behind', () => {
    const there = join(folder, 'none', 'tokens.json')
    expect(create('--file', there)).toMatchObject({ exitCode: 1, output: expect.stringContaining(there) })
    symlinkSync('tokens.json', file)
    expect(create('--file', file)).toMatchObject({ exitCode: 1, output: expect.stringContaining('in a circle') })
    expect(readdirSync(folder)).toEqual(['tokens.json'])
  })
})

describe('list and revoke', () => {
  it('say what there is, and take away one', () => {
    create('--file', file)
    create('--file', file)
    const environment = { LINK_TOKENS_FILE: file }
    const [first = '', second = ''] = tokenCommand(['list'], environment).output.split('\n')
    expect(first).toMatch(/^web {2}[0-9a-f]{12} {2}guilds 1,2 {2}events \* {2}commands \(none\)$/)
    const [, hash = ''] = second.split('  ')
    expect(tokenCommand(['revoke', '--name', 'web'], environment)).toMatchObject({
      exitCode: 1,
      output: expect.stringContaining(hash),
    })
    expect(tokenCommand(['revoke', '--name', 'web', '--hash', hash], environment).exitCode).toBe(0)
    expect(tokenCommand(['list'], environment).output).toBe(`${first}\n`)
    expect(tokenCommand(['revoke', '--name', 'nobody'], environment).exitCode).toBe(1)
    expect(tokenCommand(['revoke', '--name', 'web'], environment).exitCode).toBe(0)
    expect(tokenCommand(['list'], environment).output).toContain('no tokens')
  })

  it.each([['--help'], ['create', '-h']])('%j says how it is used, and does nothing', (...args) => {
    const { exitCode, output } = tokenCommand([...args, '--file', file], {})
    expect([exitCode, output]).toEqual([0, expect.stringContaining('npm run token -- create')])
    expect(readdirSync(folder)).toEqual([])
  })

  it('need a file, and a command is needed at all', () => {
    expect(tokenCommand(['list'], {}).output).toContain('--file: required')
    expect(tokenCommand([], {})).toMatchObject({ exitCode: 2, output: expect.stringContaining('create') })
  })
})
