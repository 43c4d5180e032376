import { ChannelFlags, ChannelType, MessageReferenceType, MessageType } from 'discord-api-types/v10'
import type { APIMessage } from 'discord-api-types/v10'
import { snowflakeAt } from '../../snowflake.ts'
import { composeMessage, isoTime, messageEvent, voiceEvent } from '../compose.ts'
import type { Draft } from '../compose.ts'
import type { Guild, Located, Thread } from '../types.ts'
import type { World } from '../world.ts'
import { HISTORY, IN_VOICE, POSTS, THREAD } from './history.ts'
import type { Line } from './history.ts'
import { nightLedger } from './night-ledger.ts'
import { BOT, PEOPLE, STRANGER } from './people.ts'
import type { Name } from './people.ts'
import { tidewater } from './tidewater.ts'

const MINUTE_MS = 60_000

const userOf = (name: Name | 'gantry') => (name === 'gantry' ? BOT : PEOPLE[name])

function named(world: World, guildName: string, channelName: string): Located {
  const guild = world.guilds().find((candidate) => candidate.name === guildName)
  const channel = [...(guild?.channels ?? []), ...(guild?.threads ?? [])].find((c) => c.name === channelName)
  if (!guild || !channel) throw new Error(`the seed names no ${channelName} in ${guildName}`)
  return { guild, channel }
}

function startThread(guild: Guild, parentId: string, startedMs: number): Thread {
  const byId = PEOPLE[THREAD.by].id
  return {
    id: snowflakeAt(startedMs, 1),
    guild_id: guild.id,
    parent_id: parentId,
    owner_id: byId,
    type: ChannelType.PublicThread,
    name: THREAD.name,
    last_message_id: null,
    last_pin_timestamp: null,
    rate_limit_per_user: 0,
    flags: 0 as NonNullable<Thread['flags']>,
    message_count: 0,
    member_count: 2,
    total_message_sent: 0,
    thread_metadata: {
      archived: false,
      auto_archive_duration: 4320,
      archive_timestamp: isoTime(startedMs),
      locked: false,
      create_timestamp: isoTime(startedMs),
    },
  }
}

const SYSTEM = { joined: MessageType.UserJoin, thread: MessageType.ThreadCreated } as const

/** A moment so many minutes after the world begins, in ms. */
const later = (world: World, minutes: string): number => world.clock.now() + Number(minutes) * MINUTE_MS

/** Polls end at a moment, which is told by how far off it is. */
function moreOf(world: World, { more }: Line): Partial<APIMessage> {
  if (!more?.poll) return more ?? {}
  const [, minutes = '0'] = /^in (\d+)$/.exec(more.poll.expiry ?? '') ?? []
  return { ...more, poll: { ...more.poll, expiry: isoTime(later(world, minutes)) } }
}

/** https://docs.discord.com/developers/resources/message#message-snapshot-object */
function forwarded(message: APIMessage | undefined): Partial<APIMessage> {
  if (!message) throw new Error('the seed forwards what was not said before')
  const { content, embeds, attachments, mentions, mention_roles, type, timestamp, edited_timestamp, flags } = message
  const snapshot = { content, embeds, attachments, mentions, mention_roles, type, timestamp, edited_timestamp }
  return {
    message_reference: {
      type: MessageReferenceType.Forward,
      channel_id: message.channel_id,
      message_id: message.id,
    },
    message_snapshots: [{ message: { ...snapshot, ...(flags !== undefined && { flags }) } }],
  }
}

/** Puts a post on the shelf, with what was said in it. */
function putPost(world: World, post: (typeof POSTS)[number], place: number): void {
  const now = world.clock.now()
  const { guild, channel } = named(world, 'Night Ledger', 'shelf')
  const tags = 'available_tags' in channel ? channel.available_tags : []
  const startedMs = now - post.ago * MINUTE_MS
  const lastMs = now - Math.min(post.ago, ...post.answers.map(({ ago }) => ago)) * MINUTE_MS
  const id = snowflakeAt(startedMs, 1_000 + place * 10)
  const thread: Thread = {
    ...startThread(guild, channel.id, startedMs),
    id,
    owner_id: PEOPLE[post.by].id,
    name: post.name,
    applied_tags: post.tags.flatMap((index) => tags[index]?.id ?? []),
    flags: (post.pinned ? ChannelFlags.Pinned : 0) as NonNullable<Thread['flags']>,
  }
  thread.thread_metadata = {
    archived: false,
    auto_archive_duration: 10_080,
    locked: false,
    create_timestamp: isoTime(startedMs),
    archive_timestamp: isoTime(lastMs),
  }
  guild.threads.push(thread)
  world.indexChannels(guild)
  // A post and the message that it begins with have one id.
  const first = { by: post.by, ago: post.ago, text: post.text }
  for (const [index, line] of [first, ...post.answers].entries()) {
    const messageId = index === 0 ? id : snowflakeAt(now - line.ago * MINUTE_MS, 1_000 + place * 10 + index)
    write(world, { guild: guild.name, channel: post.name, ...line }, messageId, new Map(), id)
  }
}

/** Writes one line of the past. */
function write(world: World, line: Line, id: string, known: ReadonlyMap<string, APIMessage>, threadId: string) {
  const located = named(world, line.guild, line.channel)
  const draft: Draft = {
    id,
    author: userOf(line.by),
    // Mentions stand in the texts by name, for ids say nothing to who reads them.
    content: (line.text ?? '')
      .replaceAll(/<@(\w+)>/g, (_, name: Name) => `<@${PEOPLE[name].id}>`)
      .replaceAll(/<t:in (\d+):/g, (_, minutes: string) => `<t:${Math.floor(later(world, minutes) / 1000)}:`),
    embeds: line.embed ? [line.embed] : [],
    reply_to: line.reply ? known.get(line.reply) : undefined,
    ...(line.system && { type: SYSTEM[line.system] }),
    ...(line.system === 'thread' && { thread_id: threadId }),
    extra: { ...moreOf(world, line), ...(line.forwards && forwarded(known.get(line.forwards))) },
  }
  const message = composeMessage(world, located, draft)
  world.apply({ event: 'MESSAGE_CREATE', payload: messageEvent(world, located, message) })
  if (line.edited) {
    const edited_timestamp = isoTime(Date.parse(message.timestamp) + 20_000)
    world.messages.patch(message.channel_id, message.id, { edited_timestamp })
  }
  for (const [answer, names] of Object.entries(line.votes ?? {})) {
    for (const name of names) world.messages.votes.add(message.id, Number(answer), userOf(name).id)
  }
  for (const [emoji, names] of Object.entries(line.reacts ?? {})) {
    for (const name of names ?? []) world.messages.react(message.id, userOf(name).id, { id: null, name: emoji })
  }
  return message
}

/**
 * Fills an empty world: two guilds, who is in their voice channels, and what was said before now. Guilds, channels,
 * roles and people have the same ids in every run; messages have those of their moments.
 */
export function seedWorld(world: World): void {
  const now = world.clock.now()
  world.putGuild(tidewater(now))
  world.putGuild(nightLedger())
  world.strangers.set(STRANGER.id, STRANGER)

  const { guild, channel } = named(world, THREAD.guild, THREAD.parent)
  const startedMs = now - THREAD.ago * MINUTE_MS
  const thread = startThread(guild, channel.id, startedMs)
  guild.threads.push(thread)
  world.indexChannels(guild)

  const known = new Map<string, APIMessage>()
  const inOrder = HISTORY.toSorted((a, b) => b.ago - a.ago)
  for (const [index, line] of inOrder.entries()) {
    const message = write(world, line, snowflakeAt(now - line.ago * MINUTE_MS, 2 + index), known, thread.id)
    if (line.as) known.set(line.as, message)
  }

  for (const [place, post] of POSTS.entries()) putPost(world, post, place)

  for (const { guild: guildName, channel: channelName, who, is = [] } of IN_VOICE) {
    const at = named(world, guildName, channelName)
    const flags = Object.fromEntries(is.map((flag) => [flag, true]))
    const payload = voiceEvent(world, at.guild, PEOPLE[who].id, { channel_id: at.channel.id, ...flags })
    world.apply({ event: 'VOICE_STATE_UPDATE', payload })
  }
}
