import { Party } from '../lib/party.ts'
import { processCpuUs } from '../lib/process-cpu.ts'
import { quantile } from '../lib/rounds.ts'
import { scratchFolder } from '../lib/scratch-log.ts'
import type { Browsers, BrowsersSetup } from './browsers.ts'
import type { Discord } from './discord.ts'
import { LINK_TOKEN, openExampleGateway, openGateway, type OpenGateway } from './gateways.ts'
import type { WebAnswers, WebSetup } from './web.ts'

const script = (name: string) => new URL(name, import.meta.url)

/** Messages, how long each was under way to each browser that looks, sorted, in ms; and the CPU each process used, in µs. */
export type Turn = { messages: number; tookMs: number[]; wallMs: number; cpuUs: Record<Part, number> }
export type Part = 'discord' | 'gateway' | 'web' | 'browsers'

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

/** `allCount`: as with browsers. `retentionMib`: as with web. */
export type WayOptions = Omit<Contender, 'name'> & { browsers: number } & Pick<BrowsersSetup, 'allCount'> &
  Pick<WebSetup, 'retentionMib'>

/** The whole way from Discord to the browsers of one guild, each part of it a process. */
export type Way = { turn: (pace: { perSecond: number; forMs: number }) => Promise<Turn> }

export async function openWay(
  stack: AsyncDisposableStack,
  { web, gateway, browsers: count, allCount, retentionMib }: WayOptions,
): Promise<Way> {
  const discord = stack.use(new Party<Discord>(script('discord.ts')))
  const where = await discord.ask('where')
  const { url: gatewayUrl, pid } = await gateway(stack, where)
  const { guildId, people } = where
  const folder = stack.use(await scratchFolder())
  const setup: WebSetup = {
    gatewayUrl,
    linkToken: LINK_TOKEN,
    guildId,
    people,
    folder: folder.path,
    ...(retentionMib !== undefined && { retentionMib }),
  }
  const backend = stack.use(new Party<WebAnswers>(script(web), setup))
  const target: BrowsersSetup = {
    port: await backend.ask('port'),
    path: `/api/guilds/${guildId}/events`,
    count,
    cookies: await backend.ask('signIn'),
    ...(allCount !== undefined && { allCount }),
  }
  const browsers = stack.use(new Party<Browsers>(script('browsers.ts'), target))
  await browsers.ask('open')
  const cpuUs = () => [discord.pid, pid, backend.pid, browsers.pid].map(processCpuUs)
  return {
    async turn(pace) {
      const [before, from] = [cpuUs(), performance.now()]
      const messages = await discord.ask('pace', pace)
      const tookMs = (await browsers.ask('reach', messages)).toSorted((a, b) => a - b)
      const wallMs = performance.now() - from
      const used = cpuUs().map((now, index) => now - (before[index] ?? 0))
      const [ofDiscord = NaN, ofGateway = NaN, ofWeb = NaN, ofBrowsers = NaN] = used
      return {
        messages,
        tookMs,
        wallMs,
        cpuUs: { discord: ofDiscord, gateway: ofGateway, web: ofWeb, browsers: ofBrowsers },
      }
    },
  }
}

/** A turn for the JSON: not each of its times. */
export const outlineOf = ({ tookMs, ...turn }: Turn) => ({
  ...turn,
  tookMs: Object.fromEntries([0.5, 0.9, 0.99, 0.999, 1].map((share) => [share, quantile(tookMs, share)])),
})
