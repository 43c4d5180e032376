import { readdirSync, readFileSync } from 'node:fs'
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { ChannelType, type GatewayGuildCreateDispatchData } from 'discord-api-types/v10'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { launchBrowser } from './lib/browser.ts'
import { Child, ROOT } from './lib/child.ts'
import { freePorts } from './lib/free-port.ts'

// `npm run example:lobby`, as somebody runs it who has just cloned this.

const ROUTES = 'apps/web/src/routeTree.gen.ts'

let browser: Browser
beforeAll(async () => {
  browser = await launchBrowser()
})
afterAll(() => browser.close())

test('the example is short', () => {
  const folder = join(ROOT, 'examples/lobby')
  const lines = readdirSync(folder).map((file) => readFileSync(join(folder, file), 'utf8').split('\n').length - 1)
  expect(lines.reduce((sum, each) => sum + each)).toBeLessThan(200)
})

test('a copy of the example is a page of its own', async () => {
  // Two folders below the root, as the example is.
  await mkdir(join(ROOT, '.data'), { recursive: true })
  const folder = await mkdtemp(join(ROOT, '.data/copy-'))
  try {
    await cp(join(ROOT, 'examples/lobby'), folder, { recursive: true })
    const router = join(folder, 'router.tsx')
    await writeFile(router, (await readFile(router, 'utf8')).replace("title: 'Lobby'", "title: 'Board'"))
    const ports = await freePorts()
    const args = ['scripts/run.js', 'scripts/start.ts', '--watch', '--pages', relative(ROOT, folder)]
    await using demo = new Child(args, { ...ports, DISCORD_TOKEN: '' })
    await demo.line(/^Ready: /)
    const page = await browser.newPage()
    await page.goto(`http://localhost:${ports.PORT}`)
    await page.getByRole('link', { name: 'Sign in with Discord' }).waitFor()
    expect(await page.title()).toBe('Board')
    await page.close()
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})

test('a lobby shows who is there and who is muted, and starts once all are ready', async () => {
  const routes = readFileSync(join(ROOT, ROUTES), 'utf8')
  const ports = await freePorts()
  const args = ['scripts/run.js', 'scripts/start.ts', '--watch', '--pages', 'examples/lobby']
  await using demo = new Child(args, { ...ports, DISCORD_TOKEN: '' })
  await demo.line(/^Ready: /)
  const simulator = `http://127.0.0.1:${ports.SIMULATOR_PORT}/_simulator`
  const control = async (what: string, body: object): Promise<void> => {
    const headers = { 'content-type': 'application/json' }
    const response = await fetch(`${simulator}/${what}`, { method: 'POST', headers, body: JSON.stringify(body) })
    if (!response.ok) throw new Error(`${what}: ${response.status} ${await response.text()}`)
  }
  await control('life', { running: false })
  const { guilds } = (await (await fetch(`${simulator}/world`)).json()) as { guilds: GatewayGuildCreateDispatchData[] }

  const page = await browser.newPage()
  const complaints: string[] = []
  page.on('pageerror', (error) => complaints.push(error.message))
  await page.goto(`http://localhost:${ports.PORT}`)
  await page.getByRole('link', { name: 'Sign in with Discord' }).click()
  await page.getByRole('button', { name: 'umberfox' }).click()
  const title = page.getByRole('heading', { level: 1 })
  await title.waitFor({ timeout: 30_000 })

  const name = await title.innerText()
  const guild = guilds.find((one) => one.name === name)
  const channel = guild?.channels.find(({ type }) => type === ChannelType.GuildVoice)
  if (guild === undefined || channel === undefined) throw new Error(`there is no voice channel in ${name}`)
  const enter = (user_id: string, channel_id: string | null, more = {}) =>
    control('voice', { user_id, guild_id: guild.id, channel_id, ...more })
  const speak = (user_id: string, content: string) => control('speak', { user_id, channel_id: channel.id, content })
  for (const { user_id } of guild.voice_states) await enter(user_id, null)

  await page.getByRole('button', { name: channel.name, exact: true }).click()
  const lobby = page.getByRole('region', { name: 'Lobby' })
  const says = (text: string) => lobby.getByText(text, { exact: true }).waitFor()
  const player = (who: string) => lobby.getByRole('listitem').filter({ hasText: who })
  await says('Nobody is here yet')
  // The development server's pages share their stream like those of the build.
  const { targetInfos } = await (await browser.newBrowserCDPSession()).send('Target.getTargets')
  expect(targetInfos.filter(({ type }) => type === 'shared_worker').map(({ url }) => url)).toEqual([
    expect.stringContaining('hub-worker'),
  ])

  const [one, other] = guild.members.filter(({ user }) => !user.bot && user.username !== 'umberfox')
  if (one === undefined || other === undefined) throw new Error('two are needed to play')
  const [first, second] = [one, other].map(({ nick, user }) => nick ?? user.global_name ?? user.username)
  await enter(one.user.id, channel.id)
  await says('Waits for somebody to play with')
  await enter(other.user.id, channel.id, { self_mute: true })
  await player(second!).getByText('muted').waitFor()

  await speak(one.user.id, 'ready')
  await player(first!).getByText('ready', { exact: true }).waitFor()
  await says(`Waits for ${second}`)
  // Whoever opens it later sees the same.
  await page.reload()
  await page.getByRole('button', { name: channel.name, exact: true }).click()
  await says(`Waits for ${second}`)

  await speak(other.user.id, 'ready')
  await lobby.getByText('All are ready').waitFor()
  await speak(other.user.id, 'wait')
  await says(`Waits for ${second}`)
  await speak(other.user.id, 'ready')
  await page.getByText(/^The game is on: /).waitFor()
  expect(complaints).toEqual([])
  // What belongs to web's own pages is as it was.
  expect(readFileSync(join(ROOT, ROUTES), 'utf8')).toBe(routes)
})
