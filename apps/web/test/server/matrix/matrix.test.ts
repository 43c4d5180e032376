import { GatewayDispatchEvents } from 'discord-api-types/v10'
import { describe, expect, it } from 'vitest'
import type { OpenStream } from '../open-stream.ts'
import { MARK, PERSONS } from './guild.ts'
import type { Person } from './guild.ts'
import { framesOf, isOver, openScene } from './scene.ts'
import type { StreamPath } from './scene.ts'
import { table } from './table.ts'
import type { Case } from './table.ts'

/*
 * Every dispatch event × everybody who may look × live, replayed and in the snapshot × the stream of one guild and of several, on the wire: what a browser reads from its
 * socket is held against a table that was made by hand.
 */

const persons = Object.keys(PERSONS) as Person[]
const MODES = ['live', 'replay', 'snapshot'] as const
type Cells = Record<`${Person} ${(typeof MODES)[number]}`, string>

/** `GUILD_CREATE*`: with the mark in it. `~`: the viewer was told before that they see other things now. */
function read(stream: OpenStream, from: number, without: readonly string[]): string {
  if (stream.status !== 200) return String(stream.status)
  const frames = framesOf(stream)
  // As the stream of one guild says it by its status.
  if (frames.length === 0 && isOver(stream)) return '404'
  const words = frames.slice(from).flatMap(({ event = '', data, id = '' }) => {
    if (without.includes(id)) return data.includes(MARK) ? [`${event}* at ${id}`] : []
    if (event === 'sync') return data.includes('permissions_changed') ? ['~'] : []
    return [event + (data.includes(MARK) ? '*' : '')]
  })
  return [...words, ...(isOver(stream) ? ['the end'] : [])].join(' ')
}

async function observe(event: string, { payload }: Case, hasMembersIntent: boolean, path: StreamPath): Promise<Cells> {
  await using scene = await openScene({ hasMembersIntent, path })
  const live = new Map<Person, OpenStream>()
  for (const person of persons) live.set(person, await scene.open(person))
  const begin = new Map([...live].map(([person, stream]) => [person, framesOf(stream).length]))
  const kick = scene.kick('kicked')
  // With the intent they are out by the kick itself, though both come at once; without, by what is then read of them.
  if (!hasMembersIntent) await scene.open('kicked')
  await scene.publish(event, payload)
  const kicked = await kick
  const last = await scene.lastWord()
  const cells: Partial<Cells> = {}
  for (const [person, stream] of live) {
    if (stream.status === 200) await stream.until(() => isOver(stream) || stream.messages.some(({ id }) => id === last))
    cells[`${person} live`] = read(stream, begin.get(person) ?? 0, [kicked, last])
    cells[`${person} replay`] = read(await scene.open(person, kicked), 0, [last])
    cells[`${person} snapshot`] = read(await scene.open(person), 0, [])
  }
  return cells as Cells
}

/** What the table says, in the same words. */
function expected(event: string, one: Case, hasMembersIntent: boolean): Cells {
  const { live, snapshot = [], cut = [], restated = [], isGone = false } = one
  const { replay = live, replayCut = cut, replayRestated = restated } = one
  const cells: Partial<Cells> = {}
  for (const person of persons) {
    const anew = `GUILD_CREATE${snapshot.includes(person) ? '*' : ''}`
    const told = (whole: readonly Person[], part: readonly Person[]) =>
      whole.includes(person) ? [`${event}*`] : part.includes(person) ? [event] : []
    const liveWords = restated.includes(person) ? ['~', anew] : told(live, cut)
    // Without the intent nobody says whether they have other roles than when they went, so the guild is told anew at the end.
    const isAnew = replayRestated.includes(person) || !hasMembersIntent
    const why = replayRestated.includes(person) ? ['~'] : []
    const replayWords = [...told(replay, replayCut), ...(isAnew ? [...why, anew] : [])]
    const isIn = person !== 'stranger' && person !== 'kicked'
    cells[`${person} live`] = isIn ? [...liveWords, ...(isGone ? ['the end'] : [])].join(' ') : REFUSED[person]
    cells[`${person} replay`] = isIn && !isGone ? replayWords.join(' ') : '404'
    cells[`${person} snapshot`] = isIn && !isGone ? anew : '404'
  }
  return cells as Cells
}

/** Strangers get no stream; the stream of whoever is kicked ends, and says nothing of it. */
const REFUSED = { stranger: '404', kicked: 'the end' } as const

it('has every dispatch event there is', () => {
  expect(Object.keys(table).sort()).toEqual(Object.values(GatewayDispatchEvents).map(String).sort())
})

describe.each<[string, boolean, StreamPath]>([
  ['with the members intent', true, 'of one'],
  ['without the members intent', false, 'of one'],
  ['with the members intent', true, 'of several'],
])('%s (%s), a stream %s', (_, hasMembersIntent, path) => {
  const rows = Object.entries(table).flatMap(([event, cases]) =>
    Object.entries(cases)
      .filter(([, { needsMembersIntent = false }]) => hasMembersIntent || !needsMembersIntent)
      .map(([name, one]) => [event, name, one] as const),
  )
  it.each(rows)('%s %s', async (event, _name, one) => {
    expect(await observe(event, one, hasMembersIntent, path)).toEqual(expected(event, one, hasMembersIntent))
  })
})
