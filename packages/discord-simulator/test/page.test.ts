import { PermissionFlagsBits as Bit } from 'discord-api-types/v10'
import { readdir } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import type { View } from '../src/control/view.ts'
import { NotRunnable, beginningOf, readCommand, saidBy, takesFiles } from '../src/page/command-line.js'
import { momentOf } from '../src/page/moments.js'
import { PEOPLE, startSimulator } from '../src/index.ts'
import type { Simulator } from '../src/index.ts'
import { identified } from './raw-client.ts'
import { scene } from './scene.ts'

const FOLDER = new URL('../src/page/', import.meta.url)

async function look(simulator: Simulator, query: Record<string, string> = {}): Promise<View> {
  const response = await fetch(`${simulator.url}/_simulator/view?${new URLSearchParams(query).toString()}`)
  return (await response.json()) as View
}

describe('the page', () => {
  test('is served with all its files, and lets nothing in from elsewhere', async () => {
    await using simulator = await startSimulator()
    const page = await fetch(simulator.url)
    const html = await page.text()
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8')
    const policy = page.headers.get('content-security-policy')
    expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self'")
    expect(policy).not.toContain('unsafe')
    expect(html).not.toMatch(/<script(?![^>]* src=)|<style| style=| on\w+=/)
    // A list with another role is none, and what is in it belongs to none.
    expect(html).not.toMatch(/<[ou]l\b[^>]* role=/)
    const types: Record<string, string> = { js: 'text/javascript', css: 'text/css', svg: 'image/svg+xml' }
    for (const name of await readdir(FOLDER)) {
      const type = types[name.split('.').at(-1) ?? '']
      const { status, headers } = await fetch(`${simulator.url}/page/${name}`)
      expect([name, status]).toEqual([name, type ? 200 : 404])
      if (type) expect(headers.get('content-type')).toContain(type)
    }
  })

  test('gives out no other file, and takes no other method', async () => {
    await using simulator = await startSimulator()
    for (const path of [
      '/page/',
      '/page/none.js',
      '/page//etc/passwd',
      '/page/..%2fmain.ts',
      '/page/%2e%2e/simulator.ts',
      '/page/../main.js',
    ]) {
      expect([path, (await fetch(simulator.url + path)).status]).toEqual([path, 404])
    }
    expect((await fetch(simulator.url, { method: 'POST' })).status).toBe(404)
  })
})

describe('GET /_simulator/view', () => {
  test('shows what is asked for, and the first of what is not there', async () => {
    await using simulator = await startSimulator()
    const [workshop, circle] = simulator.world.guilds()
    const first = await look(simulator)
    expect([first.guild?.id, first.channel_id]).toEqual([workshop?.id, workshop?.system_channel_id])
    expect(first.user_id).not.toBe(first.bot.id)
    expect(await look(simulator, { guild_id: '1', channel_id: '1', user_id: first.bot.id })).toEqual(first)

    const treasury = circle!.channels.find(({ name }) => name === 'treasury')!
    const seen = await look(simulator, { channel_id: treasury.id, user_id: PEOPLE.palimpsest.id })
    expect(seen).toMatchObject({ guild: { id: circle?.id }, channel_id: treasury.id, user_id: PEOPLE.palimpsest.id })
    expect(seen.messages.length).toBeGreaterThan(0)
    expect(seen.messages.map(({ id }) => id)).toEqual(seen.messages.map(({ id }) => id).toSorted())
  })

  test('says what the chosen person may do, and has reacted with', async () => {
    await using simulator = await startSimulator()
    const guild = simulator.world.guilds()[0]!
    const idOf = (name: string) => guild.channels.find((channel) => channel.name === name)!.id
    const user_id = PEOPLE.pikelet.id
    const channel_id = idOf('general')
    const { id: message_id } = simulator.people.speak({ user_id, channel_id, content: 'x' })
    simulator.people.react({ user_id, channel_id, message_id, emoji: '🔥' })
    simulator.people.react({ user_id: PEOPLE.umberfox.id, channel_id, message_id, emoji: '👍' })
    const { access, messages } = await look(simulator, { channel_id, user_id })
    expect(messages.at(-1)).toMatchObject({ id: message_id, reacted: ['🔥'] })
    expect(access[channel_id]).toEqual({ private: false, view: true, write: true, enter: false })
    expect(access[idOf('announcements')]).toMatchObject({ view: true, write: false })
    expect(access[idOf('keyholders')]).toEqual({ private: true, view: false, write: false, enter: false })
    expect(access[idOf('Loft')]).toMatchObject({ view: true, enter: true })
  })

  test('offered everybody every command', async () => {
    await using at = await scene()
    const { simulator, bot, guild } = at
    const command = (name: string, more: object = {}) => ({ name, description: 'x', ...more })
    const moderated = { default_member_permissions: String(Bit.ManageMessages) }
    await at.call('PUT', `/applications/${bot.id}/commands`, [command('stock'), command('alone', { contexts: [1] })])
    const own = [command('stock', { description: 'own' }), command('purge', moderated)]
    await at.call('PUT', `/applications/${bot.id}/guilds/${guild.id}/commands`, own)
    const offered = async (who: { id: string }, channel = 'general') =>
      (await look(simulator, { channel_id: at.channel(channel), user_id: who.id })).commands
    const names = async (...where: Parameters<typeof offered>) => (await offered(...where)).map(({ name }) => name)
    expect(await names(PEOPLE.pikelet)).toEqual(['stock'])
    expect((await offered(PEOPLE.pikelet))[0]?.description).toBe('own')
    expect(await names(PEOPLE.brackish)).toEqual(['stock', 'purge'])
    expect(await names(PEOPLE.pikelet, 'keyholders')).toEqual([])
  })

  test('shows connections newest first, those that are open before the others', async () => {
    await using simulator = await startSimulator()
    const { client: one } = await identified(simulator)
    const { client: two } = await identified(simulator)
    const { client: three } = await identified(simulator)
    await using _one = one
    await using _two = two
    await using _three = three
    simulator.dropConnection(3)
    await three.closed
    const { connections } = await look(simulator)
    expect(connections.map(({ id }) => id)).toEqual([2, 1, 3])
  })

  test('is there when there is no guild left', async () => {
    await using simulator = await startSimulator()
    for (const { id } of simulator.world.guilds()) simulator.dispatch('GUILD_DELETE', { id })
    expect(await look(simulator)).toMatchObject({
      guilds: [],
      guild: null,
      channel_id: null,
      messages: [],
      user_id: null,
    })
  })
})

describe('a line that is a command', () => {
  const commands = [
    {
      id: '1',
      name: 'fire',
      type: 1,
      options: [
        { name: 'kiln', type: 3, required: true },
        { name: 'hours', type: 4 },
        { name: 'who', type: 6 },
        { name: 'slow', type: 5 },
      ],
    },
    { id: '2', name: 'stock', type: 1, options: [{ name: 'add', type: 1, options: [{ name: 'what', type: 3 }] }] },
    { id: '3', name: 'fire-user', type: 2 },
  ]

  test.each([
    ['/fire kiln:old', { kiln: 'old' }],
    ['/fire hours:3 kiln: the old one ', { hours: 3, kiln: 'the old one' }],
    ['/fire kiln:at 10:30 slow:true', { kiln: 'at 10:30', slow: true }],
  ])('%s', (line, options) => {
    const read = readCommand(line, commands)
    expect(read?.command).toBe('fire')
    expect(Object.fromEntries(read!.options.map(({ name, value }) => [name, value]))).toEqual(options)
  })

  test('may have a subcommand, and call people by name', () => {
    expect(readCommand('/stock add what:clay', commands)?.options).toEqual([
      { name: 'add', options: [{ name: 'what', value: 'clay' }] },
    ])
    const resolve = (type: number, text: string) => (type === 6 ? `id of ${text}` : text)
    expect(readCommand('/fire kiln:old who:@pikelet', commands, resolve)?.options[1]?.value).toBe('id of @pikelet')
  })

  test.each(['/fire', '/fire kiln:', '/fire old', '/fire kiln:old hours:many', '/stock', '/stock remove what:x'])(
    '%s says why it cannot be run',
    (line) => {
      expect(() => readCommand(line, commands)).toThrow(NotRunnable)
    },
  )

  test('that nobody is offered was spoken', () => {
    for (const line of ['/nope', ' /shrug ', '/fire-user', '/fired kiln:old']) {
      expect(() => readCommand(line, commands)).toThrow(/offered no command \/[\w-]+ here/)
    }
  })

  test('is none, but something to say', () => {
    for (const line of ['hello', '//fire kiln:old', ' fire', '/', '/etc/passwd is there', '/ fire']) {
      expect(readCommand(line, commands)).toBeUndefined()
    }
    expect(['//nope', 'a // b', '/etc'].map(saidBy)).toEqual(['/nope', 'a // b', '/etc'])
  })

  test('takes files in the order in which it names them', () => {
    const photo = { name: 'photo', type: 11, required: true }
    const show = { name: 'show', options: [photo, { name: 'other', type: 11 }, { name: 'note', type: 3 }] }
    const inside = { name: 'put', options: [{ name: 'up', type: 1, options: [photo] }] }
    const [one, two] = ['a.png', 'b.png'].map((name) => ({ name, data: 'eA==' }))
    const read = (line: string, ...files: { name: string; data: string }[]) =>
      readCommand(line, [show, inside], undefined, files)?.options
    expect(read('/show other: photo:', one!, two!)).toEqual([
      { name: 'other', file: one },
      { name: 'photo', file: two },
    ])
    expect(read('/put up photo:', one!)).toEqual([{ name: 'up', options: [{ name: 'photo', file: one }] }])
    expect(() => read('/show photo:')).toThrow('photo is a file: choose one')
    expect(() => read('/show note:x', one!)).toThrow('It needs photo:')
    expect(() => read('/show photo:', one!, two!)).toThrow('b.png is for no option')
    expect(['/show', '/put up', '/fire', 'show'].map((line) => takesFiles(line, [show, inside]))).toEqual([
      true,
      true,
      false,
      false,
    ])
    expect(beginningOf(show)).toBe('/show photo:')
  })

  test('is begun with what it needs', () => {
    expect(commands.map(beginningOf)).toEqual(['/fire kiln:', '/stock add', '/fire-user'])
  })
})

describe('a moment', () => {
  const now = new Date(2026, 10, 20, 14, 8)
  const at = (...[year, month, day]: [number, number, number]) =>
    momentOf(new Date(year, month, day, 9, 5).getTime(), now)

  test('of another day was told without its day', () => {
    expect(at(2026, 10, 20)).toBe('09:05')
    expect(at(2026, 10, 19)).toMatch(/19.*, 09:05$/)
    expect(at(2026, 10, 19)).not.toMatch(/2026/)
    expect(at(2025, 10, 20)).toMatch(/2025.*, 09:05$/)
  })
})
