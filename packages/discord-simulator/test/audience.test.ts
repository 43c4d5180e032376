import { GatewayIntentBits as Intent, PermissionFlagsBits as Bit } from 'discord-api-types/v10'
import { expect, test } from 'vitest'
import { PEOPLE } from '../src/index.ts'
import { scene } from './scene.ts'

/** What a bot hears of only where it has a permission, and which: in the guild or, for what names a channel, there. */
const GATED = [
  ['MESSAGE_DELETE', Bit.ViewChannel, { id: '1' }],
  ['MESSAGE_REACTION_REMOVE_ALL', Bit.ViewChannel, { message_id: '1' }],
  ['TYPING_START', Bit.ViewChannel, { user_id: PEOPLE.pikelet.id }],
  ['CHANNEL_PINS_UPDATE', Bit.ViewChannel, {}],
  ['INVITE_CREATE', Bit.ManageChannels, { code: 'x' }],
  ['INVITE_DELETE', Bit.ManageChannels, { code: 'x' }],
] as const
const GATED_IN_GUILD = [
  ['AUTO_MODERATION_RULE_CREATE', Bit.ManageGuild, { id: '1' }],
  ['AUTO_MODERATION_RULE_UPDATE', Bit.ManageGuild, { id: '1' }],
  ['AUTO_MODERATION_RULE_DELETE', Bit.ManageGuild, { id: '1' }],
  ['AUTO_MODERATION_ACTION_EXECUTION', Bit.ManageGuild, { rule_id: '1' }],
  ['GUILD_AUDIT_LOG_ENTRY_CREATE', Bit.ViewAuditLog, { id: '1' }],
  ['GUILD_BAN_ADD', Bit.BanMembers, { user: { id: '1', username: 'x' } }],
  ['GUILD_BAN_REMOVE', Bit.BanMembers, { user: { id: '1', username: 'x' } }],
  ['GUILD_JOIN_REQUEST_CREATE', Bit.KickMembers, {}],
] as const

test.each(GATED)('%s reached a bot without the permission for it there', async (event, bit, fields) => {
  await using at = await scene()
  const payload = { guild_id: at.guild.id, channel_id: at.channel('general'), ...fields }
  const happen = () => at.simulator.people.does(PEOPLE.pikelet.id, event, payload)
  happen()
  expect(await at.told(event)).toHaveLength(1)
  at.forbid(bit, 'general')
  happen()
  expect(await at.told(event)).toEqual([])
  // What a test sends is sent, whatever the bot may see.
  at.simulator.dispatch(event, payload)
  expect(await at.told(event)).toHaveLength(1)
})

test.each(GATED_IN_GUILD)('%s reached a bot without the permission for it', async (event, bit, fields) => {
  await using at = await scene()
  const payload = { guild_id: at.guild.id, ...fields }
  // Some are deeds, whose entries in the log would be heard too.
  const happen = async () => {
    at.simulator.people.does(PEOPLE.pikelet.id, event, payload)
    return (await at.told(event)).length
  }
  expect(await happen()).toBe(1)
  at.forbid(bit)
  expect(await happen()).toBe(0)
  at.simulator.dispatch(event, payload)
  expect(await at.told(event)).toHaveLength(1)
})

test('threads of a channel that the bot may not view were told', async () => {
  await using at = await scene()
  const thread = { id: '1', type: 11, name: 'x', guild_id: at.guild.id, parent_id: at.channel('general') }
  const names = ['THREAD_CREATE', 'THREAD_UPDATE', 'THREAD_DELETE'] as const
  const happen = async () => {
    for (const name of names) at.simulator.people.does(PEOPLE.pikelet.id, name, thread)
    return (await at.told(...names)).map(({ event }) => event)
  }
  expect(await happen()).toEqual(names)
  at.forbid(Bit.ViewChannel, 'general')
  expect(await happen()).toEqual([])
})

test('automatic moderation told what was written to bots without the intent for it', async () => {
  const payload = { rule_id: '1', content: 'secret', matched_content: 'secret', matched_keyword: 'secret' }
  for (const [intents, content] of [
    [Intent.AutoModerationExecution, ''],
    [Intent.AutoModerationExecution | Intent.MessageContent, 'secret'],
  ] as const) {
    await using at = await scene({}, { intents: intents | Intent.GuildIntegrations })
    at.simulator.dispatch('AUTO_MODERATION_ACTION_EXECUTION', { guild_id: at.guild.id, ...payload })
    expect(await at.heard('AUTO_MODERATION_ACTION_EXECUTION')).toMatchObject({ content, matched_content: content })
  }
})
