import { describe, expect, it } from 'vitest'
import type { OpenStream } from './open-stream.ts'
import { events, forRole, guild, setUp } from './stream-scene.ts'

type Times = { web: number; at: [id: string, ms: number][] }

const timesOf = ({ messages }: OpenStream): Times[] =>
  messages.flatMap(({ event, data }) => (event === 'times' ? [JSON.parse(data) as Times] : []))

describe('when the gateway had an event, and when web had', () => {
  it('is told to who asked for hops, right before the events that happen together', async () => {
    const { open, publish } = await setUp()
    const [asked, other] = [await open(events('1', '?hops=1')), await open(events('1'))]
    for (const stream of [asked, other]) await stream.hears('sync live')
    const before = Date.now()
    await Promise.all([
      publish('TYPING_START', '1', {}, 1_001),
      publish('VOICE_STATE_UPDATE', '1', { user_id: '5' }, 1_002),
    ])
    for (const stream of [asked, other]) await stream.hears('VOICE_STATE_UPDATE')
    const [times] = timesOf(asked)
    expect(times?.at).toEqual([
      ['e-1', 1_001],
      ['e-2', 1_002],
    ])
    expect(times?.web).toBeGreaterThanOrEqual(before)
    expect(times?.web).toBeLessThanOrEqual(Date.now())
    expect(asked.heard.filter((line) => line !== 'hops').slice(3)).toEqual([
      'times',
      'TYPING_START e-1',
      'VOICE_STATE_UPDATE e-2',
    ])
    expect(timesOf(other)).toEqual([])
  })

  it('is told on a stream of several guilds, of each after whose it is', async () => {
    const { open, publish } = await setUp()
    const stream = await open('/api/events?guild=1&guild=2&hops=1')
    await stream.until(() => stream.heard.filter((line) => line.startsWith('sync live')).length === 2)
    await Promise.all([publish('TYPING_START', '1', {}, 1_001), publish('TYPING_START', '2', {}, 1_002)])
    await stream.hears('TYPING_START e-2')
    expect(stream.heard.filter((line) => line !== 'hops').slice(-6)).toEqual([
      'guild',
      'times',
      'TYPING_START e-1',
      'guild',
      'times',
      'TYPING_START e-2',
    ])
    expect(timesOf(stream).map(({ at }) => at)).toEqual([[['e-1', 1_001]], [['e-2', 1_002]]])
  })

  it('is not told of what is replayed, of a snapshot, or of what was read back after a gap', async () => {
    const { open, publish, feed } = await setUp()
    await publish('TYPING_START', '1')
    const streams = [await open(events('1', '?hops=1')), await open(events('1', '?hops=1&last_event_id=e-0'))]
    for (const stream of streams) await stream.hears('sync live')
    const payload = JSON.stringify({ id: '1', guild_id: '1', channel_id: '10', content: '' })
    const entry = { kind: 'dispatch' as const, event: 'MESSAGE_CREATE', guildId: '1', payload, ts: 5, position: 2 }
    await feed.publish({ ...entry, backfilled: true })
    for (const stream of streams) {
      await stream.hears('MESSAGE_CREATE')
      expect(timesOf(stream)).toEqual([])
    }
  })

  it('is told of those events alone that the viewer is sent', async () => {
    const { open, publish } = await setUp()
    await publish('CHANNEL_CREATE', '1', { id: '11', type: 0, permission_overwrites: forRole('20') })
    const stream = await open(events('1', '?hops=1'))
    await stream.hears('sync live')
    const hidden = { id: '1', channel_id: '11', content: 'hidden' }
    await Promise.all([publish('MESSAGE_CREATE', '1', hidden), publish('TYPING_START', '1'), publish('READY', '1')])
    await publish('MESSAGE_CREATE', '1', hidden)
    await publish('TYPING_START', '1')
    await stream.hears('TYPING_START e-6')
    expect(timesOf(stream).map(({ at }) => at.map(([id]) => id))).toEqual([['e-3'], ['e-6']])
  })

  it('is told of an event in whose place the guild is told anew', async () => {
    const { open, publish } = await setUp()
    const stream = await open(events('1', '?hops=1'))
    await stream.hears('sync live')
    await publish('GUILD_ROLE_UPDATE', '1', { role: { id: '1', permissions: '0' } })
    await publish('GUILD_ROLE_UPDATE', '1', { role: guild('1').roles[0] }, 7)
    await stream.until(() => stream.heard.filter((line) => line === 'GUILD_CREATE e-2').length === 1)
    expect(timesOf(stream).at(-1)?.at).toEqual([['e-2', 7]])
  })
})
