import { once } from 'node:events'
import { ApplicationCommandOptionType, Events } from 'discord.js'
import type { ChatInputCommandInteraction, Message } from 'discord.js'
import { expect, test } from 'vitest'
import { PEOPLE } from '../src/index.ts'
import { connected } from './discordjs-scene.ts'

test('discord.js logs in, sends, edits, reacts, replies, pins and deletes', async () => {
  await using at = await connected()
  expect(at.client.user?.username).toBe('gantry')
  const heard = once(at.client, Events.MessageCreate) as Promise<[Message]>
  const message = await at.general.send({ content: 'one', embeds: [{ title: 'kiln' }] })
  expect((await heard)[0].id).toBe(message.id)
  expect((await message.edit('two')).content).toBe('two')
  const reacted = once(at.client, Events.MessageReactionAdd)
  await message.react('🔥')
  await reacted
  expect(message.reactions.cache.get('🔥')?.me).toBe(true)
  const reply = await message.reply({ content: 'three', files: [{ attachment: Buffer.from('x'), name: 'x.txt' }] })
  expect(reply.reference?.messageId).toBe(message.id)
  expect(reply.attachments.first()).toMatchObject({ name: 'x.txt', size: 1 })
  await message.pin()
  expect((await at.general.messages.fetchPins()).items.map((pin) => pin.message.id)).toEqual([message.id])
  await reply.delete()
  await expect(at.general.messages.fetch({ message: reply.id, force: true })).rejects.toMatchObject({ code: 10008 })
})

test('discord.js opens threads, gives roles, and is refused what it may not', async () => {
  await using at = await connected()
  const message = await at.general.send('about the kiln')
  const thread = await message.startThread({ name: 'the kiln' })
  expect((await thread.send('inside')).channelId).toBe(thread.id)
  await thread.members.add(PEOPLE.pikelet.id)
  expect((await thread.setArchived(true)).archived).toBe(true)

  const member = await at.guild.members.fetch(PEOPLE.pikelet.id)
  const role = await at.guild.roles.create({ name: 'Glazer', colors: { primaryColor: 255 } })
  expect((await member.roles.add(role)).roles.cache.has(role.id)).toBe(true)
  expect((await member.timeout(60_000)).isCommunicationDisabled()).toBe(true)
  await role.delete()
  const owner = await at.guild.members.fetch(at.guild.ownerId)
  await expect(owner.kick()).rejects.toMatchObject({ code: 50013, status: 403 })
})

test('discord.js registers a slash command, hears it, replies and follows up', async () => {
  await using at = await connected()
  await at.guild.commands.create({
    name: 'fire',
    description: 'Lights a kiln',
    options: [{ type: ApplicationCommandOptionType.String, name: 'kiln', description: 'Which', required: true }],
  })
  const heard = once(at.client, Events.InteractionCreate) as Promise<[ChatInputCommandInteraction]>
  const place = { user_id: PEOPLE.pikelet.id, channel_id: at.general.id }
  at.simulator.interact({ ...place, command: 'fire', options: [{ name: 'kiln', value: 'old one' }] })
  const [interaction] = await heard
  expect(interaction.isChatInputCommand()).toBe(true)
  expect([interaction.user.username, interaction.options.getString('kiln')]).toEqual(['pikelet', 'old one'])
  await interaction.deferReply()
  expect((await interaction.editReply('lit')).content).toBe('lit')
  expect((await interaction.followUp({ content: 'hot', flags: 64 })).content).toBe('hot')
  expect((await interaction.fetchReply()).content).toBe('lit')
})

test('discord.js resumes after a drop, and hears what it missed', async () => {
  await using at = await connected()
  const resumed = once(at.client, Events.ShardResume)
  at.simulator.dropConnection(1)
  const heard = once(at.client, Events.ChannelUpdate)
  const { channel } = at.simulator.world.channel(at.general.id)!
  at.simulator.dispatch('CHANNEL_UPDATE', { ...channel, name: 'renamed' })
  await Promise.all([resumed, heard])
  expect(at.general.name).toBe('renamed')
  expect(at.simulator.connections().map(({ opened_by }) => opened_by)).toEqual(['identify', 'resume'])
})
