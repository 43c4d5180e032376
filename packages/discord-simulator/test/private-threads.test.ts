import { PermissionFlagsBits as Bit } from 'discord-api-types/v10'
import { expect, test } from 'vitest'
import { PEOPLE } from '../src/index.ts'
import { scene } from './scene.ts'
import type { Scene } from './scene.ts'

const OF_THREADS = [
  'THREAD_CREATE',
  'THREAD_UPDATE',
  'THREAD_MEMBERS_UPDATE',
  'MESSAGE_CREATE',
  'THREAD_DELETE',
] as const
const ID = '900'

const threadOf = (at: Scene) => ({
  id: ID,
  type: 12,
  name: 'glaze accounts',
  guild_id: at.guild.id,
  parent_id: at.channel('general'),
  owner_id: PEOPLE.pikelet.id,
  member_count: 1,
  thread_metadata: { archived: false, auto_archive_duration: 4_320, archive_timestamp: '2026-11-20T14:08:00.000Z' },
})
const memberOf = (user_id: string) => ({ id: ID, user_id, join_timestamp: '2026-11-20T14:08:00.000Z', flags: 0 })

/** What somebody does to a private thread of theirs. */
function acts(at: Scene) {
  const does = (event: string, payload: object) => at.simulator.people.does(PEOPLE.pikelet.id, event, payload)
  const members = (change: object) =>
    does('THREAD_MEMBERS_UPDATE', { id: ID, guild_id: at.guild.id, member_count: 1, ...change })
  return {
    open: () => {
      does('THREAD_CREATE', { ...threadOf(at), newly_created: true })
      members({ added_members: [memberOf(PEOPLE.pikelet.id)] })
    },
    rename: () => does('THREAD_UPDATE', { ...threadOf(at), name: 'accounts' }),
    add: (userId: string) => members({ added_members: [memberOf(userId)] }),
    remove: (userId: string) => members({ removed_member_ids: [userId] }),
    speak: () => at.simulator.people.speak({ user_id: PEOPLE.pikelet.id, channel_id: ID, content: 'x' }),
    delete: () => does('THREAD_DELETE', { id: ID, guild_id: at.guild.id, parent_id: at.channel('general'), type: 12 }),
  }
}

const told = async (at: Scene) => (await at.told(...OF_THREADS)).map(({ event }) => event)

/** The whole life of somebody's private thread. */
function live(at: Scene): void {
  const { open, rename, add, remove, speak, ...rest } = acts(at)
  open()
  rename()
  add(PEOPLE.tessellate.id)
  speak()
  remove(PEOPLE.tessellate.id)
  rest.delete()
}

test('private threads of others were told to a bot that does not manage threads', async () => {
  await using at = await scene()
  at.forbid(Bit.ManageThreads)
  live(at)
  expect(await told(at)).toEqual([])
})

test('who manages threads hears of all private ones', async () => {
  await using at = await scene()
  live(at)
  expect(await told(at)).toEqual([
    'THREAD_CREATE',
    'THREAD_MEMBERS_UPDATE',
    'THREAD_UPDATE',
    'THREAD_MEMBERS_UPDATE',
    'MESSAGE_CREATE',
    'THREAD_MEMBERS_UPDATE',
    'THREAD_DELETE',
  ])
})

test('a bot that was added to a private thread did not get to know it', async () => {
  await using at = await scene()
  at.forbid(Bit.ManageThreads)
  const { open, rename, add, remove, speak, ...rest } = acts(at)
  open()
  add(at.bot.id)
  const [first, second] = await at.told(...OF_THREADS)
  expect(first).toMatchObject({
    event: 'THREAD_CREATE',
    payload: { id: ID, name: 'glaze accounts', member: { user_id: at.bot.id } },
  })
  expect(first?.payload).not.toHaveProperty('newly_created')
  expect(second).toMatchObject({ event: 'THREAD_MEMBERS_UPDATE', payload: { added_members: [{ user_id: at.bot.id }] } })
  rename()
  speak()
  expect(await told(at)).toEqual(['THREAD_UPDATE', 'MESSAGE_CREATE'])
  // That it is put out it hears, and then nothing more.
  remove(at.bot.id)
  expect(await told(at)).toEqual(['THREAD_MEMBERS_UPDATE'])
  rename()
  speak()
  expect(await told(at)).toEqual([])
  // In it again, it hears of its end.
  add(at.bot.id)
  rest.delete()
  expect(await told(at)).toEqual(['THREAD_CREATE', 'THREAD_MEMBERS_UPDATE', 'THREAD_DELETE'])
})

test('a private thread of the bot’s own is told to it once', async () => {
  await using at = await scene()
  at.forbid(Bit.ManageThreads)
  const { body } = await at.call('POST', `/channels/${at.channel('general')}/threads`, { name: 'own', type: 12 })
  const member = `/channels/${body.id}/thread-members/${PEOPLE.pikelet.id}`
  expect((await at.call('PUT', member)).status).toBe(204)
  expect((await at.call('PATCH', `/channels/${body.id}`, { name: 'still own' })).status).toBe(200)
  // Whoever began a private thread may put others out of it.
  expect((await at.call('DELETE', member)).status).toBe(204)
  expect(await told(at)).toEqual([
    'THREAD_CREATE',
    'THREAD_MEMBERS_UPDATE',
    'THREAD_MEMBERS_UPDATE',
    'THREAD_UPDATE',
    'THREAD_MEMBERS_UPDATE',
  ])
})

test('who is in threads of a channel that the bot may not view was told', async () => {
  await using at = await scene()
  const { open, add, remove } = acts(at)
  open()
  await at.told()
  at.forbid(Bit.ViewChannel, 'general')
  add(PEOPLE.tessellate.id)
  expect(await told(at)).toEqual([])
  add(at.bot.id)
  remove(at.bot.id)
  expect(await told(at)).toEqual(['THREAD_MEMBERS_UPDATE', 'THREAD_MEMBERS_UPDATE'])
})
