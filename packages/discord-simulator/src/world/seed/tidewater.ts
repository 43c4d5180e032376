import { ChannelType, GuildFeature, OverwriteType } from 'discord-api-types/v10'
import type { APIGuildScheduledEvent } from 'discord-api-types/v10'
import { snowflakeAt } from '../../snowflake.ts'
import { isoTime } from '../compose.ts'
import type { Guild } from '../types.ts'
import { role } from '../role.ts'
import { channelMaker, emptyGuild, idsFrom, member, overwrite, permissions, presence } from './build.ts'
import { BOT, PEOPLE } from './people.ts'

const CREATED_MS = Date.parse('2023-12-21T10:14:33.506Z')
const DAY_MS = 86_400_000

/** What everyone may do in a guild of the seed. */
export const EVERYONE = permissions(
  'ViewChannel',
  'SendMessages',
  'SendMessagesInThreads',
  'CreatePublicThreads',
  'ReadMessageHistory',
  'AddReactions',
  'EmbedLinks',
  'AttachFiles',
  'UseExternalEmojis',
  'UseExternalStickers',
  'SendPolls',
  'UseApplicationCommands',
  'ChangeNickname',
  'Connect',
  'Speak',
  'Stream',
  'UseVAD',
  'RequestToSpeak',
)

/** What the bot's own role adds: enough to moderate, and not Administrator, which would know no refusals. */
export const BOT_ROLE = permissions(
  'ViewChannel',
  'SendMessages',
  'EmbedLinks',
  'AttachFiles',
  'ReadMessageHistory',
  'AddReactions',
  'ManageMessages',
  'PinMessages',
  'ManageThreads',
  'CreatePrivateThreads',
  'ManageChannels',
  'ManageGuild',
  'ViewAuditLog',
  'ManageNicknames',
  'ManageWebhooks',
  'ManageGuildExpressions',
  'CreateGuildExpressions',
  'SetVoiceChannelStatus',
  'ManageEvents',
  'CreateEvents',
  'CreateInstantInvite',
  'ManageRoles',
  'KickMembers',
  'BanMembers',
  'ModerateMembers',
  'MuteMembers',
  'DeafenMembers',
  'MoveMembers',
)

/** The next Friday at 18:00 UTC after a moment. */
function nextFriday(ms: number): number {
  const day = new Date(ms).getUTCDay()
  const midnight = ms - (ms % DAY_MS)
  const friday = midnight + ((5 - day + 7) % 7) * DAY_MS + 18 * 3_600_000
  return friday > ms ? friday : friday + 7 * DAY_MS
}

/** The workshop: where most happens. */
export function tidewater(nowMs: number): Guild {
  const nextId = idsFrom(CREATED_MS)
  const guild = emptyGuild(nextId(), 'Tidewater Makers', PEOPLE.tessellate.id, CREATED_MS + 60 * DAY_MS)
  guild.features = [GuildFeature.News]
  guild.description = 'A workshop by the water: clay, wood, electronics.'

  const moderator = role(nextId(), 'Moderator', 4, {
    color: 0x0f766e,
    hoist: true,
    mentionable: true,
    permissions: permissions('ManageMessages', 'ManageThreads', 'ModerateMembers', 'MoveMembers', 'MuteMembers'),
  })
  const keyholder = role(nextId(), 'Keyholder', 3, { color: 0xb45309 })
  const steward = role(nextId(), 'Steward', 2)
  const maker = role(nextId(), 'Maker', 1, { mentionable: true })
  const gantry = role(nextId(), 'gantry', 5, { managed: true, tags: { bot_id: BOT.id }, permissions: BOT_ROLE })
  const everyone = role(guild.id, '@everyone', 0, { permissions: EVERYONE })
  guild.roles = [everyone, maker, steward, keyholder, moderator, gantry]

  const deny = (...names: Parameters<typeof permissions>) =>
    overwrite(guild.id, OverwriteType.Role, '0', permissions(...names))
  const allow = (id: string, ...names: Parameters<typeof permissions>) =>
    overwrite(id, OverwriteType.Role, permissions(...names), '0')

  const make = channelMaker(guild.id, nextId)
  const floor = make.category('Workshop floor')
  const workbench = make.voice('Workbench', { parent: floor, user_limit: 8 })
  const quiet = make.voice('Quiet room', { parent: floor, user_limit: 4 })
  const demo = make.voice('Friday demo', { parent: floor }, ChannelType.GuildStageVoice)
  const channels = make.category('Channels')
  const announcements = make.text(
    'announcements',
    {
      parent: channels,
      topic: 'News from the workshop. Moderators write here.',
      // The bot has no role that may write here.
      overwrites: [
        deny('SendMessages', 'SendMessagesInThreads', 'CreatePublicThreads'),
        allow(moderator.id, 'SendMessages'),
      ],
    },
    ChannelType.GuildAnnouncement,
  )
  const general = make.text('general', { parent: channels, topic: 'Anything that has no better place.' })
  const buildLog = make.text('build-log', {
    parent: channels,
    topic: 'What you made, what broke, what you learned.',
    overwrites: [deny('AttachFiles'), allow(maker.id, 'AttachFiles')],
  })
  const kilnWatch = make.text('kiln-watch', {
    parent: channels,
    topic: 'Readings every few minutes while a kiln is on.',
  })
  const buyTogether = make.text('buy-together', { parent: channels, topic: 'Bulk orders. Say how much, by when.' })
  const inventory = make.text('inventory', {
    parent: channels,
    topic: 'What is on the shelves.',
    overwrites: [deny('ViewChannel'), allow(steward.id, 'ViewChannel'), allow(gantry.id, 'ViewChannel')],
  })
  const keyholders = make.text('keyholders', {
    parent: channels,
    topic: 'For those with a key.',
    // One role may see it. The bot holds that role.
    overwrites: [deny('ViewChannel'), allow(keyholder.id, 'ViewChannel')],
  })
  const upstairs = make.category('Upstairs')
  const loft = make.voice('Loft', { parent: upstairs })
  const onFloor = [floor, workbench, quiet, demo]
  const written = [channels, announcements, general, buildLog, kilnWatch, buyTogether, inventory, keyholders]
  guild.channels = [...onFloor, ...written, upstairs, loft]
  guild.system_channel_id = general.id

  const joined = (days: number) => CREATED_MS + days * DAY_MS
  guild.members = [
    member(BOT, joined(60), [gantry.id, keyholder.id]),
    member(PEOPLE.tessellate, joined(0), [keyholder.id, steward.id, maker.id]),
    member(PEOPLE.brackish, joined(1), [moderator.id, keyholder.id, maker.id]),
    member(PEOPLE.umberfox, joined(9), [keyholder.id, steward.id]),
    member(PEOPLE.pikelet, joined(12), [maker.id]),
    member(PEOPLE.quillwort, joined(30), [maker.id, steward.id]),
    member(PEOPLE.saltmarsh, joined(31), [maker.id]),
    member(PEOPLE.nocturne_7, joined(77), []),
    member(PEOPLE.fenwick_lamp, joined(140), [maker.id]),
    member(PEOPLE.oddment, joined(201), []),
    member(PEOPLE.cinderwick, joined(288), [maker.id]),
    member(PEOPLE.halfpenny, joined(330), []),
    member(PEOPLE.lanternfish, nowMs - 17 * 60_000, []),
  ]
  guild.member_count = guild.members.length
  // Not the bot: it is there as long as somebody is connected for it.
  guild.presences = [
    ...[PEOPLE.tessellate, PEOPLE.brackish, PEOPLE.pikelet, PEOPLE.saltmarsh, PEOPLE.lanternfish].map((user) =>
      presence(guild.id, user, 'online'),
    ),
    ...[PEOPLE.quillwort, PEOPLE.nocturne_7].map((user) => presence(guild.id, user, 'dnd')),
    ...[PEOPLE.fenwick_lamp, PEOPLE.oddment, PEOPLE.umberfox].map((user) => presence(guild.id, user, 'idle')),
  ]
  guild.guild_scheduled_events = [
    {
      id: snowflakeAt(CREATED_MS + 300 * DAY_MS),
      guild_id: guild.id,
      channel_id: demo.id,
      creator_id: PEOPLE.tessellate.id,
      name: 'Friday demo',
      description: 'Ten minutes each. Bring it working or bring it broken.',
      image: null,
      scheduled_start_time: isoTime(nextFriday(nowMs)),
      scheduled_end_time: null,
      privacy_level: 2,
      status: 1,
      entity_type: 1,
      entity_id: null,
      entity_metadata: null,
      recurrence_rule: null,
      user_count: 6,
    } satisfies APIGuildScheduledEvent,
  ]
  return guild
}
