/**
 * The few of Discord's numbers that the page asks about. Written here, and not imported from discord-api-types, because
 * its enums are run-time objects in CommonJS that no bundler can shake: naming one would ship them all.
 * Meanings: https://discord.com/developers/docs/resources/channel and …/resources/message
 */
export const channelType = {
  text: 0,
  voice: 2,
  category: 4,
  announcement: 5,
  announcementThread: 10,
  publicThread: 11,
  privateThread: 12,
  stage: 13,
  forum: 15,
  media: 16,
} as const

export const channelFlag = { pinned: 1 << 1 } as const

/** https://docs.discord.com/developers/resources/message#message-object-message-types: those that are shown in guilds. */
export const messageType = {
  default: 0,
  recipientAdd: 1,
  recipientRemove: 2,
  call: 3,
  channelName: 4,
  channelIcon: 5,
  pinned: 6,
  joined: 7,
  boost: 8,
  boostTier1: 9,
  boostTier2: 10,
  boostTier3: 11,
  follow: 12,
  discoveryDisqualified: 14,
  discoveryRequalified: 15,
  discoveryFirstWarning: 16,
  discoveryFinalWarning: 17,
  threadCreated: 18,
  reply: 19,
  command: 20,
  threadStarter: 21,
  inviteReminder: 22,
  contextCommand: 23,
  autoModeration: 24,
  roleSubscription: 25,
  premiumUpsell: 26,
  stageStart: 27,
  stageEnd: 28,
  stageSpeaker: 29,
  stageRaiseHand: 30,
  stageTopic: 31,
  appSubscription: 32,
  alertsOn: 36,
  alertsOff: 37,
  raidReport: 38,
  raidFalseAlarm: 39,
  purchase: 44,
  pollResult: 46,
} as const

/** https://docs.discord.com/developers/resources/message#message-object-message-flags */
export const messageFlag = {
  crossposted: 1 << 0,
  isCrosspost: 1 << 1,
  suppressEmbeds: 1 << 2,
  sourceDeleted: 1 << 3,
  loading: 1 << 7,
  suppressNotifications: 1 << 12,
  voiceMessage: 1 << 13,
  componentsV2: 1 << 15,
} as const

/** Whether a message's reference says what it answers, or what it passes on. */
export const referenceType = { reply: 0, forward: 1 } as const

export const permissionBit = { viewChannel: 1n << 10n } as const

const voiceTypes: ReadonlySet<number> = new Set([channelType.voice, channelType.stage])
const threadTypes: ReadonlySet<number> = new Set([
  channelType.announcementThread,
  channelType.publicThread,
  channelType.privateThread,
])
const postTypes: ReadonlySet<number> = new Set([channelType.forum, channelType.media])

export const isVoice = (type: number): boolean => voiceTypes.has(type)
export const isThread = (type: number): boolean => threadTypes.has(type)
/** A channel that holds posts (threads) and no messages of its own. */
export const holdsPosts = (type: number): boolean => postTypes.has(type)
