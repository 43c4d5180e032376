import { expect, test } from 'vitest'
import { channelTree, firstChannel, voiceByChannel } from '../../src/live/view/channel-tree.ts'
import { channelOf } from '../../src/live/view/view-guild.ts'
import type { ViewVoice } from '../../src/live/view/view-types.ts'
import { channel, GUILD } from './fixtures.ts'

const view = (...raw: ReturnType<typeof channel>[]) =>
  Object.fromEntries(raw.map((each) => [each.id, channelOf(each as never, GUILD)]))

const channels = view(
  channel('10', { type: 4, position: 1, name: 'second' }),
  channel('11', { type: 4, position: 0, name: 'first' }),
  channel('12', { type: 4, position: 2, name: 'empty' }),
  channel('20', { type: 2, parent_id: '11', position: 0 }),
  channel('21', { type: 0, parent_id: '11', position: 5 }),
  channel('22', { type: 5, parent_id: '11', position: 1 }),
  channel('23', { type: 0, parent_id: '10', position: 0 }),
  channel('24', { type: 0, position: 9 }),
  channel('25', { type: 0, parent_id: 'gone', position: 9 }),
  channel('30', { type: 11, parent_id: '21' }),
  channel('31', { type: 11, parent_id: '21', thread_metadata: { archived: true } }),
)

test('Discord’s order: no category first, written before spoken, then by position, then by id', () => {
  expect(
    channelTree(channels).map(({ category, nodes }) => [category?.name, nodes.map((node) => node.channel.id)]),
  ).toEqual([
    [undefined, ['24', '25']],
    ['first', ['22', '21', '20']],
    ['second', ['23']],
  ])
})

test('threads stand under their channel, archived ones do not', () => {
  const nodes = channelTree(channels).flatMap((group) => group.nodes)
  expect(nodes.find((node) => node.channel.id === '21')?.threads.map(({ id }) => id)).toEqual(['30'])
})

test('the first channel is one that is read', () => {
  expect(firstChannel(view(channel('1', { type: 2 }), channel('2', { type: 5, position: 1 })))?.id).toBe('2')
  expect(firstChannel(channels)?.id).toBe('24')
  expect(firstChannel({})).toBeUndefined()
})

test('people in voice by name', () => {
  const state = (userId: string): ViewVoice => ({
    userId,
    channelId: '20',
    muted: false,
    deafened: false,
    camera: false,
    streaming: false,
    suppressed: false,
    serverMuted: false,
    serverDeafened: false,
    raisedHand: false,
  })
  const person = (id: string, name: string) => ({ id, name, username: name, avatar: null, bot: false, roles: [] })
  const people = { 1: person('1', 'pikelet'), 2: person('2', 'brackish') }
  const grouped = voiceByChannel({ 1: state('1'), 2: state('2') }, people)
  expect(grouped['20']?.map(({ userId }) => userId)).toEqual(['2', '1'])
})
