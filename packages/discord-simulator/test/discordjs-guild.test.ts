import { once } from 'node:events'
import {
  AuditLogEvent,
  AutoModerationActionType,
  AutoModerationRuleEventType,
  AutoModerationRuleTriggerType,
  ChannelType,
  Events,
  GatewayIntentBits as Intent,
  GuildScheduledEventEntityType,
  GuildScheduledEventPrivacyLevel,
  MessageReferenceType,
  Partials,
  PermissionFlagsBits,
} from 'discord.js'
import type { Guild, GuildAuditLogsEntry, Message, PollAnswer, StageChannel } from 'discord.js'
import { expect, test } from 'vitest'
import { PEOPLE } from '../src/index.ts'
import { connected } from './discordjs-scene.ts'

test('discord.js writes to somebody directly, and hears them', async () => {
  await using at = await connected({ intents: [Intent.Guilds, Intent.DirectMessages], partials: [Partials.Channel] })
  const user = await at.client.users.fetch(PEOPLE.pikelet.id)
  const sent = await user.send('the kiln is on')
  expect(sent.channel.isDMBased()).toBe(true)
  const heard = new Promise<Message>((resolve) => {
    at.client.on(Events.MessageCreate, (message) => message.author.id === user.id && resolve(message))
  })
  at.simulator.people.write(user.id, 'thanks')
  const answer = await heard
  expect([answer.content, answer.inGuild()]).toEqual(['thanks', false])
  expect((await answer.reply('any time')).reference?.messageId).toBe(answer.id)
})

test('discord.js lists its archived private threads, and gets to know one that it is added to', async () => {
  await using at = await connected()
  const general = at.guild.channels.cache.find(({ name }) => name === 'general')
  if (general?.type !== ChannelType.GuildText) throw new Error('no #general')
  const own = await general.threads.create({ name: 'hushed', type: ChannelType.PrivateThread })
  await own.setArchived(true)
  const { threads } = await general.threads.fetchArchived({ type: 'private' })
  expect([...threads.keys()]).toEqual([own.id])

  // From now on it manages no threads.
  for (const role of at.simulator.world.guild(at.guild.id)!.roles) {
    const permissions = String(BigInt(role.permissions) & ~PermissionFlagsBits.ManageThreads)
    at.simulator.dispatch('GUILD_ROLE_UPDATE', { guild_id: at.guild.id, role: { ...role, permissions } })
  }
  const heard = once(at.client, Events.ThreadCreate)
  const does = (event: string, payload: object) => at.simulator.people.does(PEOPLE.pikelet.id, event, payload)
  const thread_metadata = { archived: false, auto_archive_duration: 60, archive_timestamp: new Date().toISOString() }
  const theirs = { id: '900', type: 12, name: 'theirs', guild_id: at.guild.id, parent_id: general.id, thread_metadata }
  does('THREAD_CREATE', { ...theirs, owner_id: PEOPLE.pikelet.id })
  const added_members = [{ id: '900', user_id: at.client.user!.id, flags: 0, join_timestamp: new Date().toISOString() }]
  does('THREAD_UPDATE', { ...theirs, name: 'still theirs' })
  does('THREAD_MEMBERS_UPDATE', { id: '900', guild_id: at.guild.id, member_count: 2, added_members })
  expect(await heard).toMatchObject([{ id: '900', name: 'still theirs' }, expect.anything()])
})

test('discord.js posts in a forum, with tags', async () => {
  await using at = await connected()
  const forum = await at.guild.channels.create({
    name: 'help',
    type: ChannelType.GuildForum,
    availableTags: [{ name: 'Kiln', emoji: { id: null, name: '🔥' } }],
  })
  const [tag] = forum.availableTags
  const post = await forum.threads.create({ name: 'Cold', message: { content: 'help' }, appliedTags: [tag!.id] })
  expect(post.appliedTags).toEqual([tag!.id])
  expect((await post.fetchStarterMessage())?.content).toBe('help')
  expect((await post.pin()).flags.has('Pinned')).toBe(true)
})

test('discord.js holds a poll, sends a sticker, and carries a message on', async () => {
  await using at = await connected({
    intents: [Intent.Guilds, Intent.GuildMessages, Intent.MessageContent, Intent.GuildMessagePolls],
  })
  const answers = [{ text: 'Old' }, { text: 'New' }]
  const poll = { question: { text: 'Which?' }, answers, duration: 1, allowMultiselect: false }
  const message = await at.general.send({ poll })
  const voted = once(at.client, Events.MessagePollVoteAdd) as Promise<[PollAnswer, string]>
  at.simulator.people.vote(PEOPLE.pikelet.id, { channel_id: at.general.id, message_id: message.id, answer_ids: [2] })
  expect((await voted)[0].text).toBe('New')
  const voters = await message.poll!.answers.get(2)!.voters.fetch()
  expect([...voters.keys()]).toEqual([PEOPLE.pikelet.id])
  expect((await message.poll!.end()).poll?.resultsFinalized).toBe(true)

  const file = { attachment: Buffer.from('\x89PNG', 'latin1'), name: 'kiln.png' }
  const sticker = await at.guild.stickers.create({ file, name: 'kiln', tags: '🔥' })
  const stuck = await at.general.send({ stickers: [sticker] })
  expect(stuck.stickers.first()?.name).toBe('kiln')

  const said = await at.general.send('the kiln is on')
  const forward = await said.forward(at.general)
  expect(forward.reference?.type).toBe(MessageReferenceType.Forward)
  expect(forward.messageSnapshots.first()?.content).toBe('the kiln is on')
})

test('discord.js plans an event, opens a stage, sets a rule, and reads who did what', async () => {
  await using at = await connected({ intents: [Intent.Guilds, Intent.GuildModeration] })
  const told = once(at.client, Events.GuildAuditLogEntryCreate) as Promise<[GuildAuditLogsEntry, Guild]>
  await at.guild.bans.bulkCreate([PEOPLE.pikelet.id], { reason: 'glaze thief' })
  const [entry] = await told
  expect([entry.action, entry.reason, entry.executorId]).toEqual([
    AuditLogEvent.MemberBanAdd,
    'glaze thief',
    at.client.user!.id,
  ])
  const log = await at.guild.fetchAuditLogs({ type: AuditLogEvent.MemberBanAdd, limit: 1 })
  expect(log.entries.first()?.targetId).toBe(PEOPLE.pikelet.id)

  const event = await at.guild.scheduledEvents.create({
    name: 'Firing',
    scheduledStartTime: Date.now() + 60_000,
    scheduledEndTime: Date.now() + 120_000,
    privacyLevel: GuildScheduledEventPrivacyLevel.GuildOnly,
    entityType: GuildScheduledEventEntityType.External,
    entityMetadata: { location: 'The yard' },
  })
  at.simulator.people.follow(PEOPLE.saltmarsh.id, event.id)
  expect([...(await event.fetchSubscribers()).keys()]).toEqual([PEOPLE.saltmarsh.id])
  expect((await event.setStatus(2)).isActive()).toBe(true)

  const stage = at.guild.channels.cache.find(({ type }) => type === ChannelType.GuildStageVoice) as StageChannel
  const instance = await stage.createStageInstance({ topic: 'Glazes' })
  expect((await instance.setTopic('Kilns')).topic).toBe('Kilns')
  await instance.delete()

  const rule = await at.guild.autoModerationRules.create({
    name: 'No glue',
    eventType: AutoModerationRuleEventType.MessageSend,
    triggerType: AutoModerationRuleTriggerType.Keyword,
    triggerMetadata: { keywordFilter: ['glue'] },
    actions: [{ type: AutoModerationActionType.BlockMessage, metadata: { customMessage: 'Glaze only.' } }],
  })
  expect((await rule.setEnabled(true)).enabled).toBe(true)
  expect(rule.triggerMetadata.keywordFilter).toEqual(['glue'])
})
