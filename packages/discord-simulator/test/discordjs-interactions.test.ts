import { once } from 'node:events'
import {
  ApplicationCommandOptionType as Option,
  ApplicationCommandType,
  ComponentType,
  Events,
  LabelBuilder,
  MessageFlags,
  MessageType,
  ModalBuilder,
  StringSelectMenuBuilder,
  TextInputBuilder,
} from 'discord.js'
import type {
  AutocompleteInteraction,
  ButtonInteraction,
  ChatInputCommandInteraction,
  Interaction,
  MessageContextMenuCommandInteraction,
  ModalSubmitInteraction,
  StringSelectMenuInteraction,
  UserContextMenuCommandInteraction,
  UserSelectMenuInteraction,
} from 'discord.js'
import { expect, test } from 'vitest'
import { PEOPLE } from '../src/index.ts'
import { connected } from './discordjs-scene.ts'

type At = Awaited<ReturnType<typeof connected>>

/** What the bot hears next. */
const heard = async <T extends Interaction>(at: At) =>
  ((await once(at.client, Events.InteractionCreate)) as [Interaction])[0] as T
const placeOf = (at: At) => ({ user_id: PEOPLE.pikelet.id, channel_id: at.general.id })

test('discord.js could not complete an option while it is typed', async () => {
  await using at = await connected()
  const kiln = { type: Option.String as const, name: 'kiln', description: 'Which', required: true, autocomplete: true }
  await at.guild.commands.create({ name: 'fire', description: 'Lights a kiln', options: [kiln] })
  const asked = heard<AutocompleteInteraction>(at)
  const options = [{ name: 'kiln', value: 'o', focused: true }]
  const { id } = at.simulator.interact({ ...placeOf(at), autocomplete: 'fire', options })
  const interaction = await asked
  expect([interaction.isAutocomplete(), interaction.options.getFocused(true)]).toEqual([
    true,
    { name: 'kiln', type: Option.String, value: 'o', focused: true },
  ])
  expect(at.simulator.interaction(id)).toMatchObject({ type: 4, answer: null })
  const many = Array.from({ length: 26 }, (_, index) => ({ name: `${index}`, value: `${index}` }))
  await expect(interaction.respond(many)).rejects.toMatchObject({ code: 50_035 })
  await interaction.respond([{ name: 'The old one', value: 'old' }])
  expect(at.simulator.interaction(id)).toMatchObject({ answer: 8, choices: [{ name: 'The old one', value: 'old' }] })
})

test('discord.js defers for one person’s eyes, and its follow-up was shown to all', async () => {
  await using at = await connected()
  await at.guild.commands.create({ name: 'fire', description: 'Lights a kiln' })
  const asked = heard<ChatInputCommandInteraction>(at)
  const { id } = at.simulator.interact({ ...placeOf(at), command: 'fire' })
  const interaction = await asked
  await interaction.deferReply({ flags: MessageFlags.Ephemeral })
  const said = await interaction.followUp('psst')
  expect([said.id, said.content, said.flags.has(MessageFlags.Ephemeral)]).toEqual([
    (await interaction.fetchReply()).id,
    'psst',
    true,
  ])
  const more = await interaction.followUp({ content: 'more', flags: MessageFlags.Ephemeral })
  expect([more.type, more.reference?.messageId]).toEqual([MessageType.Reply, said.id])
  expect(at.simulator.interaction(id)?.messages.map(({ content }) => content)).toEqual(['psst', 'more'])
  expect(at.simulator.world.messages.recent(at.general.id, 1)[0]?.content).not.toMatch(/psst|more/)
})

test('discord.js heard of commands on users and messages without whom and what', async () => {
  await using at = await connected()
  await at.guild.commands.set([
    { name: 'Thank', type: ApplicationCommandType.User },
    { name: 'Pin it', type: ApplicationCommandType.Message },
  ])
  const onUser = heard<UserContextMenuCommandInteraction>(at)
  at.simulator.interact({ ...placeOf(at), command: 'Thank', target_id: PEOPLE.saltmarsh.id })
  const thanked = await onUser
  expect([thanked.isUserContextMenuCommand(), thanked.targetUser.username]).toEqual([true, 'saltmarsh'])
  expect(thanked.targetMember).not.toBeNull()

  const message = at.simulator.people.speak({ ...placeOf(at), content: 'Look at this' })
  const onMessage = heard<MessageContextMenuCommandInteraction>(at)
  at.simulator.interact({ ...placeOf(at), command: 'Pin it', target_id: message.id })
  const pinned = await onMessage
  expect([pinned.isMessageContextMenuCommand(), pinned.targetMessage.content]).toEqual([true, 'Look at this'])
})

test('discord.js offers menus, and is told what was chosen', async () => {
  await using at = await connected()
  const options = ['old', 'new', 'raku'].map((value) => ({ label: value, value }))
  const kilns = { type: ComponentType.StringSelect as const, customId: 'kilns', maxValues: 2, options }
  const helper = { type: ComponentType.UserSelect as const, customId: 'helper' }
  const rows = [kilns, helper].map((menu) => ({ type: ComponentType.ActionRow as const, components: [menu] }))
  const { id: message_id } = await at.general.send({ content: 'Which?', components: rows })
  const chosen = heard<StringSelectMenuInteraction>(at)
  at.simulator.interact({ ...placeOf(at), message_id, custom_id: 'kilns', values: ['old', 'raku'] })
  const interaction = await chosen
  expect([interaction.isStringSelectMenu(), interaction.values]).toEqual([true, ['old', 'raku']])
  await interaction.update({ content: 'Those.', components: [] })

  const again = await at.general.send({ content: 'Who?', components: rows })
  const picked = heard<UserSelectMenuInteraction>(at)
  const values = [PEOPLE.saltmarsh.id]
  at.simulator.interact({ ...placeOf(at), message_id: again.id, custom_id: 'helper', values })
  expect((await picked).users.first()?.username).toBe('saltmarsh')
})

test('discord.js opens a form, and gets what was filled in', async () => {
  await using at = await connected()
  await at.guild.commands.create({ name: 'log', description: 'Writes down a firing' })
  const ran = heard<ChatInputCommandInteraction>(at)
  const { id } = at.simulator.interact({ ...placeOf(at), command: 'log' })
  const peak = new TextInputBuilder({ custom_id: 'peak', style: 1, min_length: 3 })
  const options = ['old', 'new'].map((value) => ({ label: value, value }))
  const kiln = new StringSelectMenuBuilder({ custom_id: 'kiln', options })
  const labels = [
    new LabelBuilder().setLabel('Peak').setTextInputComponent(peak),
    new LabelBuilder().setLabel('Kiln').setStringSelectMenuComponent(kiln),
  ]
  const form = new ModalBuilder({ custom_id: 'firing', title: 'A firing' }).addLabelComponents(labels)
  await (await ran).showModal(form)
  expect(at.simulator.interaction(id)?.modal).toMatchObject({ custom_id: 'firing', title: 'A firing' })
  const send = (fields: Record<string, string | string[]>) =>
    at.simulator.interact({ ...placeOf(at), modal: 'firing', fields })
  expect(() => send({ peak: '90', kiln: ['old'] })).toThrow('peak has at least 3 characters')
  expect(() => send({ kiln: ['old'] })).toThrow('peak is required')
  expect(() => send({ peak: '900', kiln: ['raku'] })).toThrow('kiln has no option raku')
  expect(() => send({ peak: '900', kiln: ['old'], other: 'x' })).toThrow('The form has no field other')
  const sent = heard<ModalSubmitInteraction>(at)
  send({ peak: '900', kiln: ['old'] })
  const { fields } = await sent
  expect([fields.getTextInputValue('peak'), fields.getStringSelectValues('kiln')]).toEqual(['900', ['old']])
  await (await sent).reply('Written down.')
  expect(() => send({ peak: '900', kiln: ['old'] })).toThrow('No form firing is open')
})

test('a button on a message that only one person sees could not be pressed', async () => {
  await using at = await connected()
  await at.guild.commands.create({ name: 'log', description: 'Writes down a firing' })
  const ran = heard<ChatInputCommandInteraction>(at)
  const { id } = at.simulator.interact({ ...placeOf(at), command: 'log' })
  const button = { type: ComponentType.Button as const, style: 1, label: 'Sure', customId: 'sure' }
  const row = { type: ComponentType.ActionRow as const, components: [button] }
  await (await ran).reply({ content: 'Sure?', flags: 64, components: [row] })
  const message_id = at.simulator.interaction(id)!.messages[0]!.id
  const other = { ...placeOf(at), user_id: PEOPLE.saltmarsh.id }
  expect(() => at.simulator.interact({ ...other, message_id, custom_id: 'sure' })).toThrow('no such message')
  const pressed = heard<ButtonInteraction>(at)
  at.simulator.interact({ ...placeOf(at), message_id, custom_id: 'sure' })
  await (await pressed).update({ content: 'Done.', components: [] })
  expect(at.simulator.interaction(id)!.messages[0]).toMatchObject({ content: 'Done.', components: [] })
})
