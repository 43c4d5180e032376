import { countsUpTo } from '../lib/counts.ts'
import type { BenchOptions } from '../lib/options.ts'
import { Party } from '../lib/party.ts'
import { figure, ratio, whole, type Table } from '../lib/report.ts'
import { cpuUsPerEvent, spreadOf, type Sample } from '../lib/rounds.ts'
import type { Changes, ChangesSetup } from './changes.ts'
import type { Guilds, GuildsSetup } from './guilds.ts'

/** Different sights of one guild, as roles make them. */
const SETS = 20

type Turn = Sample & { told: number }
type Contender = { name: string; setup: GuildsSetup; turns: Turn[] }

/** What it costs to decide who is told what, with many guilds, and with many who look at one and may not see the same. */
export async function sight(options: BenchOptions): Promise<Table[]> {
  const counts = countsUpTo(options.sightMost)
  const guilds = counts.map((count) => contender(count, 'guilds', { guilds: count, viewersEach: 1, sets: 1 }))
  const people = (sets: number) =>
    counts.map((count) => contender(count, 'people', { guilds: 1, viewersEach: count, sets }))
  const [alike, apart] = [people(1), people(SETS)]
  await run(options, guilds)
  await run(options, [...alike, ...apart])
  const cpu = (turns: readonly Turn[]) => spreadOf(turns.map(cpuUsPerEvent))
  const against = (own: readonly Turn[], base: readonly Turn[]) =>
    own === base ? '1' : ratio(spreadOf(own.map((turn, at) => cpuUsPerEvent(turn) / cpuUsPerEvent(base[at] ?? turn))))
  return [
    {
      title: 'sight: one person looks at each of many guilds, and an event is of one of them',
      columns: ['guilds', 'CPU µs/event', 'times that of the fewest'],
      rows: guilds.map(({ name, turns }) => [name, figure(cpu(turns).median), against(turns, guilds[0]?.turns ?? [])]),
      raw: guilds,
      chart: {
        title: `sight: what an event costs, by how many guilds are looked at`,
        unit: 'µs of CPU',
        groups: [{ name: 'one event', bars: guilds.map(({ name, turns }) => ({ name, ...cpu(turns) })) }],
      },
    },
    {
      title: `sight: many people look at one guild, all with the same permissions, or with ${SETS} different ones`,
      columns: [
        'people',
        'told of each, alike',
        'CPU µs/event',
        'told of each, apart',
        'CPU µs/event',
        'apart, times alike',
        'CPU ns/event and person, apart',
      ],
      rows: apart.map((one, at) => {
        const same = alike[at] ?? one
        return [
          one.name,
          figure(toldOf(same)),
          figure(cpu(same.turns).median),
          figure(toldOf(one)),
          figure(cpu(one.turns).median),
          against(one.turns, same.turns),
          figure((cpu(one.turns).median / one.setup.viewersEach) * 1_000),
        ]
      }),
      raw: { alike, apart },
      chart: {
        title: `sight: what an event costs, by how many look at the guild`,
        unit: 'µs of CPU',
        groups: apart.map(({ name, turns }, at) => ({
          name,
          bars: [
            { name: 'the same permissions', ...cpu(alike[at]?.turns ?? []) },
            { name: `${SETS} different ones`, ...cpu(turns) },
          ],
        })),
      },
    },
    await changes(options, counts),
  ]
}

const CHANGES = { come: 'all come', channel: 'a channel is hidden', role: '@everyone may see all' } as const

/** What it costs when all who look at a guild are told it anew. One that comes has come, so each turn is a process of its own. */
async function changes({ rounds }: BenchOptions, counts: readonly number[]): Promise<Table> {
  const names = Object.keys(CHANGES) as (keyof typeof CHANGES)[]
  const turns = counts.map((count) => ({ count, samples: names.map((): Sample[] => []) }))
  for (let round = 0; round < rounds; round++) {
    for (const { count, samples } of turns) {
      const setup: ChangesSetup = { viewers: count, sets: SETS }
      await using party = new Party<Changes>(new URL('changes.ts', import.meta.url), setup)
      for (const [at, name] of names.entries()) samples[at]?.push(await party.ask(name))
    }
  }
  const ms = (samples: readonly Sample[]) => ratio(spreadOf(samples.map(({ cpuUs }) => cpuUs / 1_000)))
  return {
    title: `sight: many look at a guild of 100 channels and 200 members, with ${SETS} different permissions; in ms of CPU`,
    columns: ['people', ...Object.values(CHANGES)],
    rows: turns.map(({ count, samples }) => [`${whole(count)} people`, ...samples.map(ms)]),
    raw: turns,
  }
}

const contender = (count: number, of: string, setup: GuildsSetup): Contender => ({
  name: `${whole(count)} ${of}`,
  setup,
  turns: [],
})
const toldOf = ({ turns }: Contender) => spreadOf(turns.map(({ told, events }) => told / events)).median

async function run({ rounds, roundMs }: BenchOptions, contenders: readonly Contender[]): Promise<void> {
  await using stack = new AsyncDisposableStack()
  const parties = contenders.map(({ setup, turns }) => ({
    turns,
    party: stack.use(new Party<Guilds>(new URL('guilds.ts', import.meta.url), setup)),
  }))
  for (const { party } of parties) await party.ask('round', roundMs)
  for (let round = 0; round < rounds; round++) {
    for (const { party, turns } of parties) turns.push(await party.ask('round', roundMs))
  }
}
