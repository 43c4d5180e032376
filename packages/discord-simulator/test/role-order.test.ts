import { PermissionFlagsBits as Bit } from 'discord-api-types/v10'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { connected } from './discordjs-scene.ts'
import { refused, scene } from './scene.ts'
import type { Scene } from './scene.ts'

const SEEDED = ['@everyone', 'Maker', 'Steward', 'Keyholder', 'Moderator', 'gantry']

const names = ({ guild }: Scene) => guild.roles.toSorted((a, b) => a.position - b.position).map(({ name }) => name)

/** Sends moves by name, and hears what roles were told to have moved. */
async function move(at: Scene, moves: Readonly<Record<string, number>>) {
  const body = Object.entries(moves).map(([name, position]) => ({ id: at.role(name).id, position }))
  const answer = await at.call('PATCH', `/guilds/${at.guild.id}/roles`, body)
  const heard = (await at.told('GUILD_ROLE_UPDATE')).map(({ payload }) => [payload.role.name, payload.role.position])
  return { answer, heard }
}

test('a role that was moved to where another stood pushed nobody aside, and nobody was told', async () => {
  await using at = await scene()
  const up = await move(at, { Maker: 3 })
  expect(up.answer.status).toBe(200)
  expect(up.heard).toEqual([
    ['Steward', 1],
    ['Keyholder', 2],
    ['Maker', 3],
  ])
  expect(names(at)).toEqual(['@everyone', 'Steward', 'Keyholder', 'Maker', 'Moderator', 'gantry'])
  const down = await move(at, { Maker: 1 })
  expect(down.heard).toHaveLength(3)
  expect(names(at)).toEqual(SEEDED)
})

test('the whole list of roles, unchanged, was refused after half of it was told', async () => {
  await using at = await scene()
  const { answer, heard } = await move(at, Object.fromEntries(SEEDED.map((name, position) => [name, position])))
  expect([answer.status, heard]).toEqual([200, []])
})

test('a list of roles that is refused changed the first of them', async () => {
  await using at = await scene()
  const above = await move(at, { Maker: 2, Moderator: 5 })
  expect(above.answer).toMatchObject(refused(50013))
  const unknown = await at.call('PATCH', `/guilds/${at.guild.id}/roles`, [
    { id: at.role('Maker').id, position: 3 },
    { id: '1', position: 1 },
  ])
  expect(unknown).toMatchObject(refused(10011))
  expect([above.heard, names(at)]).toEqual([[], SEEDED])
})

test('of two roles at one position, the younger stands below the older', async () => {
  await using at = await scene()
  // Discord gives every new role position 1, and moves none for it.
  const made = (await at.call('POST', `/guilds/${at.guild.id}/roles`, { name: 'new' })).body
  expect([made.position, at.role('Maker').position]).toEqual([1, 1])
  const { heard } = await move(at, { new: 2 })
  expect(heard).toContainEqual(['new', 2])
  expect(names(at)).toEqual(['@everyone', 'Maker', 'new', 'Steward', 'Keyholder', 'Moderator', 'gantry'])
  // At one position with the bot's own role, and older than it: it stands above.
  at.simulator.dispatch('GUILD_ROLE_UPDATE', { guild_id: at.guild.id, role: { ...at.role('Moderator'), position: 6 } })
  expect(await at.call('DELETE', `/guilds/${at.guild.id}/roles/${at.role('Moderator').id}`)).toMatchObject(
    refused(50013),
  )
})

test('whatever roles are moved, they stand in one order, and none above the bot’s moves', async () => {
  await using at = await scene()
  await at.call('POST', `/guilds/${at.guild.id}/roles`, { name: 'new' })
  const position = fc.integer({ min: 0, max: 9 })
  const moves = fc.dictionary(fc.constantFrom(...SEEDED, 'new'), position, { maxKeys: 7 })
  await fc.assert(
    fc.asyncProperty(moves, async (wanted) => {
      const before = names(at)
      const { answer, heard } = await move(at, wanted)
      const after = names(at)
      expect([200, 403]).toContain(answer.status)
      if (answer.status === 403) expect([after, heard]).toEqual([before, []])
      expect(after.indexOf('Moderator')).toBeLessThan(after.indexOf('gantry'))
      expect(after.toSorted()).toEqual(before.toSorted())
      expect([after[0], after.at(-1)]).toEqual(['@everyone', 'gantry'])
      // Once anything has moved, no two stand at one position.
      const places = at.guild.roles.map((role) => role.position)
      if (heard.length > 0) expect(new Set(places).size).toBe(places.length)
    }),
    { numRuns: 200 },
  )
})

test('discord.js could not make a role, edit it, move it and delete it', async () => {
  await using at = await connected()
  const role = await at.guild.roles.create({ name: 'Firing' })
  await role.edit({ name: 'Firing crew', permissions: [Bit.ViewChannel] })
  await role.setPosition(2)
  expect(at.guild.roles.cache.get(role.id)?.position).toBe(2)
  const server = at.simulator.world.guilds()[0]!.roles.toSorted((a, b) => a.position - b.position)
  expect(server.map(({ name }) => name)).toEqual(SEEDED.toSpliced(2, 0, 'Firing crew'))
  await role.delete()
  expect(at.guild.roles.cache.has(role.id)).toBe(false)
})
