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

export const messageType = {
  default: 0,
  pinned: 6,
  joined: 7,
  boost: 8,
  boostTier1: 9,
  boostTier2: 10,
  boostTier3: 11,
  follow: 12,
  threadCreated: 18,
  reply: 19,
  command: 20,
  threadStarter: 21,
  contextCommand: 23,
} as const

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
