import type { Browser, BrowserContextOptions, Page, Response } from 'playwright-core'
import { buildWeb, webIsBuilt } from '../../scripts/lib/build-web.ts'
import { launchBrowser } from '../../test/lib/browser.ts'
import { say } from '../../test/lib/scene-steps.ts'
import { startStack, type Stack } from '../../test/lib/stack.ts'
import type { BenchOptions } from '../lib/options.ts'
import { figure, ratio, type Table } from '../lib/report.ts'
import { spreadOf } from '../lib/rounds.ts'

const ROOT = new URL('../..', import.meta.url).pathname
const CHANNEL = 'build-log'
const WINDOW: BrowserContextOptions = { viewport: { width: 1440, height: 900 } }
/** There is always one to be the first. */
const EVENT_EVERY_MS = 20

const KINDS = ['document', 'script', 'stylesheet', 'font'] as const
/** `sent`: the bytes of its body as they came, compressed by web. */
type File = { kind: (typeof KINDS)[number]; bytes: number; sent: number }

/** What a page's first sight took, in ms since it was asked for. */
type Opening = { drawnMs: number; firstEventMs: number }

/** The live page: what comes over the wire for it, and when the first event stands in its inspector. */
export async function page({ rounds }: BenchOptions): Promise<Table[]> {
  if (!webIsBuilt(ROOT)) await buildWeb(ROOT, () => {})
  await using stack = await startStack()
  const browser = await launchBrowser()
  const talk = setInterval(() => say(stack, 'general', 'One of many.'), EVENT_EVERY_MS)
  try {
    const files = await filesOf(stack, browser)
    const cold: Opening[] = []
    const again: Opening[] = []
    for (let round = 0; round < rounds; round++) {
      const tab = await stack.openFor(browser, WINDOW)
      cold.push(await opened(stack, tab))
      again.push(await opened(stack, tab))
      await tab.context().close()
    }
    return [sizes(files), openings({ 'the first time': cold, 'once more': again })]
  } finally {
    clearInterval(talk)
    await browser.close()
  }
}

/** All that is asked for until the page is live. */
async function filesOf(stack: Stack, browser: Browser): Promise<File[]> {
  const tab = await stack.openFor(browser, WINDOW)
  const responses: Response[] = []
  tab.on('response', (response) => responses.push(response))
  await opened(stack, tab)
  const files = await Promise.all(responses.map(fileOf))
  await tab.context().close()
  return files.filter((file) => file !== null)
}

async function fileOf(response: Response): Promise<File | null> {
  const request = response.request()
  const kind = KINDS.find((known) => known === request.resourceType())
  if (kind === undefined || !response.ok()) return null
  const [body, { responseBodySize }] = await Promise.all([response.body(), request.sizes()])
  return { kind, bytes: body.length, sent: responseBodySize }
}

/** A row of the inspector that is a message. */
const FIRST_EVENT = '#inspector [data-index] [data-family=messages]'

async function opened({ simulator, webUrl }: Stack, tab: Page): Promise<Opening> {
  const guild = simulator.world.guilds().find(({ channels }) => channels.some(({ name }) => name === CHANNEL))
  const channel = guild?.channels.find(({ name }) => name === CHANNEL)
  const address = `${webUrl}/guilds/${guild?.id}/channels/${channel?.id}`
  const answer = await tab.goto(address, { waitUntil: 'commit' })
  // Nobody would see an event there.
  if (answer?.ok() !== true) throw new Error(`web answers ${answer?.status()} at ${address}`)
  // What is seen is timed by the frame that it is drawn in.
  return tab.evaluate(async (sought) => {
    while (document.querySelector(sought) === null) await new Promise(requestAnimationFrame)
    const firstEventMs = performance.now()
    const [paint] = performance.getEntriesByName('first-contentful-paint')
    return { drawnMs: paint?.startTime ?? Number.NaN, firstEventMs }
  }, FIRST_EVENT)
}

function sizes(files: readonly File[]): Table {
  const rows = KINDS.map((kind) => {
    const those = files.filter((file) => file.kind === kind)
    return {
      kind,
      count: those.length,
      bytes: sum(those.map(({ bytes }) => bytes)),
      sent: sum(those.map(({ sent }) => sent)),
    }
  })
  return {
    title: 'What the live page is made of',
    columns: ['kind', 'files', 'KB', 'KB, as sent'],
    rows: rows.map(({ kind, count, bytes, sent }) => [kind, String(count), kilobytes(bytes), kilobytes(sent)]),
    raw: rows,
  }
}

const MOMENTS = [
  { name: 'something is drawn', of: 'drawnMs' },
  { name: 'the first event is seen', of: 'firstEventMs' },
] as const

function openings(ways: Record<string, Opening[]>): Table {
  const spread = (all: readonly Opening[], of: keyof Opening) => spreadOf(all.map((one) => one[of]))
  return {
    title: 'Opening the live page: ms from asking for it',
    columns: ['how', ...MOMENTS.map(({ name }) => name)],
    rows: Object.entries(ways).map(([name, all]) => [name, ...MOMENTS.map(({ of }) => ratio(spread(all, of)))]),
    raw: ways,
    chart: {
      title: 'page: from asking for the live page until it is there',
      unit: 'ms',
      groups: MOMENTS.map(({ name, of }) => ({
        name,
        bars: Object.entries(ways).map(([way, all]) => ({ name: way, ...spread(all, of) })),
      })),
    },
  }
}

const sum = (figures: readonly number[]) => figures.reduce((before, one) => before + one, 0)
const kilobytes = (bytes: number) => figure(bytes / 1_000)
