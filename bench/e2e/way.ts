import { Party } from '../lib/party.ts'
import { processCpuUs } from '../lib/process-cpu.ts'
import { quantile } from '../lib/rounds.ts'
import type { Browsers, BrowsersSetup } from './browsers.ts'
import { openExampleGateway, openGateway, openUpToWeb, type OpenGateway } from './gateways.ts'
import type { WebAnswers, WebSetup } from './web.ts'

const script = (name: string) => new URL(name, import.meta.url)

/** Messages, how long each was under way to each browser that looks, sorted, in ms; and the CPU each process used, in µs. */
export type Turn = { messages: number; tookMs: number[]; wallMs: number; cpuUs: Record<Part, number> }

export const PARTS = ['gateway', 'web', 'discord', 'browsers'] as const
export type Part = (typeof PARTS)[number]

/** `web`: the script of the backend's process. */
export type Contender = { name: string; web: string; gateway: OpenGateway }

export const BY_ROUTE: Contender = {
  name: 'the example, a route of Start',
  web: 'example-route-web.ts',
  gateway: openExampleGateway,
}
export const BY_RESPONSES: Contender = {
  name: 'the example, by response.write',
  web: 'example-responses-web.ts',
  gateway: openExampleGateway,
}
export const OURS: Contender = { name: 'the service, log in a file', web: 'ours-web.ts', gateway: openGateway }

export type WayOptions = {
  browsers: number
  ofBrowsers?: Pick<BrowsersSetup, 'allCount'>
  ofWeb?: Pick<WebSetup, 'retentionMib'>
}

/** The whole way from Discord to the browsers of one guild, each part of it a process. */
export type Way = { turn: (pace: { perSecond: number; forMs: number }) => Promise<Turn> }

export async function openWay(
  stack: AsyncDisposableStack,
  { web, gateway }: Contender,
  { browsers: count, ofBrowsers, ofWeb }: WayOptions,
): Promise<Way> {
  const { discord, gatewayPid, setup, path } = await openUpToWeb(stack, gateway)
  const backend = stack.use(new Party<WebAnswers>(script(web), { ...setup, ...ofWeb }))
  const port = await backend.ask('port')
  const cookies = await backend.ask('signIn')
  const target: BrowsersSetup = { port, path, count, cookies, ...ofBrowsers }
  const browsers = stack.use(new Party<Browsers>(script('browsers.ts'), target))
  await browsers.ask('open')
  const pids: Record<Part, number> = {
    gateway: gatewayPid,
    web: backend.pid,
    discord: discord.pid,
    browsers: browsers.pid,
  }
  const cpuUs = (part: Part) => processCpuUs(pids[part])
  return {
    async turn(pace) {
      const [before, from] = [PARTS.map(cpuUs), performance.now()]
      const messages = await discord.ask('pace', pace)
      const tookMs = (await browsers.ask('reach', messages)).toSorted((a, b) => a - b)
      const wallMs = performance.now() - from
      const used = PARTS.map((part, at) => [part, cpuUs(part) - (before[at] ?? NaN)])
      return { messages, tookMs, wallMs, cpuUs: Object.fromEntries(used) as Turn['cpuUs'] }
    },
  }
}

/** A turn for the JSON: not each of its times. */
export const outlineOf = ({ tookMs, ...turn }: Turn) => ({
  ...turn,
  tookMs: Object.fromEntries([0.5, 0.9, 0.99, 0.999, 1].map((share) => [share, quantile(tookMs, share)])),
})
