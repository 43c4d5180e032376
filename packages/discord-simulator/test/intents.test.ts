import { GatewayIntentBits as Intent } from 'discord-api-types/v10'
import { expect, test } from 'vitest'
import { PEOPLE, startSimulator } from '../src/index.ts'
import { identified } from './raw-client.ts'
import type { RawClient } from './raw-client.ts'

/** https://docs.discord.com/developers/events/gateway#list-of-intents, as it stands there: what each intent brings. */
const LIST: Readonly<Partial<Record<keyof typeof Intent, string>>> = {
  Guilds: `GUILD_CREATE GUILD_UPDATE GUILD_DELETE GUILD_ROLE_CREATE GUILD_ROLE_UPDATE GUILD_ROLE_DELETE CHANNEL_CREATE
    CHANNEL_UPDATE CHANNEL_DELETE CHANNEL_PINS_UPDATE THREAD_CREATE THREAD_UPDATE THREAD_DELETE THREAD_LIST_SYNC
    THREAD_MEMBER_UPDATE THREAD_MEMBERS_UPDATE STAGE_INSTANCE_CREATE STAGE_INSTANCE_UPDATE STAGE_INSTANCE_DELETE
    VOICE_CHANNEL_STATUS_UPDATE VOICE_CHANNEL_START_TIME_UPDATE CHANNEL_INFO`,
  GuildMembers: 'GUILD_MEMBER_ADD GUILD_MEMBER_UPDATE GUILD_MEMBER_REMOVE THREAD_MEMBERS_UPDATE',
  GuildModeration: 'GUILD_AUDIT_LOG_ENTRY_CREATE GUILD_BAN_ADD GUILD_BAN_REMOVE',
  GuildExpressions: `GUILD_EMOJIS_UPDATE GUILD_STICKERS_UPDATE GUILD_SOUNDBOARD_SOUND_CREATE GUILD_SOUNDBOARD_SOUND_UPDATE
    GUILD_SOUNDBOARD_SOUND_DELETE GUILD_SOUNDBOARD_SOUNDS_UPDATE`,
  GuildIntegrations: 'GUILD_INTEGRATIONS_UPDATE INTEGRATION_CREATE INTEGRATION_UPDATE INTEGRATION_DELETE',
  GuildWebhooks: 'WEBHOOKS_UPDATE',
  GuildInvites: 'INVITE_CREATE INVITE_DELETE',
  GuildVoiceStates: 'VOICE_CHANNEL_EFFECT_SEND VOICE_STATE_UPDATE',
  GuildPresences: 'PRESENCE_UPDATE',
  GuildMessages: 'MESSAGE_CREATE MESSAGE_UPDATE MESSAGE_DELETE MESSAGE_DELETE_BULK',
  GuildMessageReactions: `MESSAGE_REACTION_ADD MESSAGE_REACTION_REMOVE MESSAGE_REACTION_REMOVE_ALL
    MESSAGE_REACTION_REMOVE_EMOJI`,
  GuildMessageTyping: 'TYPING_START',
  DirectMessages: 'MESSAGE_CREATE MESSAGE_UPDATE MESSAGE_DELETE CHANNEL_PINS_UPDATE',
  DirectMessageReactions: `MESSAGE_REACTION_ADD MESSAGE_REACTION_REMOVE MESSAGE_REACTION_REMOVE_ALL
    MESSAGE_REACTION_REMOVE_EMOJI`,
  DirectMessageTyping: 'TYPING_START',
  MessageContent: '',
  GuildScheduledEvents: `GUILD_SCHEDULED_EVENT_CREATE GUILD_SCHEDULED_EVENT_UPDATE GUILD_SCHEDULED_EVENT_DELETE
    GUILD_SCHEDULED_EVENT_USER_ADD GUILD_SCHEDULED_EVENT_USER_REMOVE`,
  AutoModerationConfiguration: `AUTO_MODERATION_RULE_CREATE AUTO_MODERATION_RULE_UPDATE AUTO_MODERATION_RULE_DELETE`,
  AutoModerationExecution: 'AUTO_MODERATION_ACTION_EXECUTION',
  GuildMessagePolls: 'MESSAGE_POLL_VOTE_ADD MESSAGE_POLL_VOTE_REMOVE',
  DirectMessagePolls: 'MESSAGE_POLL_VOTE_ADD MESSAGE_POLL_VOTE_REMOVE',
}

const names = (text = '') => text.split(/\s+/).filter((name) => name !== '')
const isDirect = (intent: string) => intent.startsWith('Direct')

/** What has come since the last fence, up to this one. */
async function until(client: RawClient, fence: string): Promise<string[]> {
  const seen: string[] = []
  await client.until(({ t }) => {
    if (t !== null && t !== fence) seen.push(t)
    return t === fence
  })
  return seen
}

test('each intent brings what Discord lists under it, and nothing else', async () => {
  await using simulator = await startSimulator({ sessionStarts: 100 })
  await using clients = new AsyncDisposableStack()
  const guild_id = simulator.world.guilds()[0]!.id
  const own = simulator.world.bot.id
  const intents = Object.keys(LIST) as (keyof typeof Intent)[]
  expect(intents.toSorted()).toEqual(
    Object.keys(Intent)
      .filter((name) => Number.isNaN(Number(name)) && !['GuildBans', 'GuildEmojisAndStickers'].includes(name))
      .toSorted(),
  )
  for (const intent of intents) {
    const { client } = await identified(simulator, { intents: Intent[intent] })
    clients.use(client)
    simulator.dispatch('FENCE', {})
    const first = await until(client, 'FENCE')
    expect([intent, first.includes('GUILD_CREATE')]).toEqual([intent, intent === 'Guilds'])
    const tell = (direct: boolean) => {
      const all = Object.entries(LIST).flatMap(([name, text]) => (isDirect(name) === direct ? names(text) : []))
      const place = direct ? { channel_id: '1' } : { guild_id, channel_id: '1', added_members: [{ user_id: own }] }
      for (const event of new Set(all)) simulator.dispatch(event, { ...place, user: {} })
      simulator.dispatch(direct ? 'DIRECT_FENCE' : 'GUILD_FENCE', {})
    }
    tell(false)
    const inGuild = await until(client, 'GUILD_FENCE')
    tell(true)
    const direct = await until(client, 'DIRECT_FENCE')
    const listed = names(LIST[intent]).toSorted()
    expect([intent, inGuild.toSorted(), direct.toSorted()]).toEqual(
      isDirect(intent) ? [intent, [], listed] : [intent, listed, []],
    )
    await client[Symbol.asyncDispose]()
  }
})

test('without any intent a bot hears of itself alone', async () => {
  await using simulator = await startSimulator()
  const { client } = await identified(simulator, { intents: 0 })
  await using _ = client
  const { bot } = simulator.world
  const guild_id = simulator.world.guilds()[0]!.id
  for (const user of [bot, PEOPLE.pikelet]) {
    simulator.dispatch('GUILD_MEMBER_UPDATE', { guild_id, user: { id: user.id }, nick: 'x' })
    simulator.dispatch('VOICE_STATE_UPDATE', { guild_id, user_id: user.id, channel_id: null })
  }
  simulator.dispatch('FENCE', {})
  expect(await until(client, 'FENCE')).toEqual(['GUILD_MEMBER_UPDATE', 'VOICE_STATE_UPDATE'])
})

test('GUILD_CREATE shows voice states, presences and members by their intents, and of a large guild who is online', async () => {
  await using simulator = await startSimulator()
  const guild = simulator.world.guilds()[0]!
  // As many as make a guild large for a session that says 50, and not for one that says 250.
  for (let n = 0; guild.members.length <= 60; n++) {
    simulator.dispatch('GUILD_MEMBER_ADD', { guild_id: guild.id, user: { id: String(1_000 + n), username: `m${n}` } })
  }
  const channel_id = guild.channels.find(({ name }) => name === 'Loft')!.id
  simulator.people.voice({ user_id: PEOPLE.pikelet.id, guild_id: guild.id, channel_id })
  const shown = async (intents: number, large_threshold: number) => {
    const { client } = await identified(simulator, { intents, large_threshold })
    await using _ = client
    const { large, voice_states, presences, members } = (await client.event('GUILD_CREATE')).d
    return { large, voices: voice_states.length, presences: presences.length, members: members.length }
  }
  const { Guilds, GuildVoiceStates, GuildPresences } = Intent
  expect(await shown(Guilds, 250)).toEqual({ large: false, voices: 0, presences: 0, members: 1 })
  // The bot is among those who are online since it has come.
  const voices = guild.voice_states.length
  const presences = guild.presences.length
  const speaking = new Set([simulator.world.bot.id, ...guild.voice_states.map(({ user_id }) => user_id)])
  const online = new Set([...speaking, ...guild.presences.map(({ user }) => user.id)])
  expect(online.size).toBeLessThan(guild.members.length)
  const all = guild.members.length
  expect(await shown(Guilds | GuildVoiceStates, 250)).toMatchObject({ voices, presences: 0, members: speaking.size })
  const everything = Guilds | GuildVoiceStates | GuildPresences
  expect(await shown(everything, 250)).toEqual({ large: false, voices, presences, members: all })
  expect(await shown(everything, 50)).toEqual({ large: true, voices, presences, members: online.size })
})
