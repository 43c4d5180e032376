/** How many there are, so that no contender sees the same bytes all the time. */
const MESSAGES = 64

const BYTES = 1_024

const GUILD_ID = '41771983423143937'
const CHANNEL_ID = '41771983423143940'

/** Payloads of MESSAGE_CREATE as Discord writes them, 1 KB of JSON each. */
export const messages: readonly string[] = Array.from({ length: MESSAGES }, (_, index) => {
  const message = {
    type: 0,
    tts: false,
    timestamp: '2026-01-01T12:00:00.000000+00:00',
    pinned: false,
    nonce: null,
    mentions: [],
    mention_roles: [],
    mention_everyone: false,
    member: {
      roles: ['41771983423143938', '41771983423143939'],
      premium_since: null,
      pending: false,
      nick: null,
      mute: false,
      joined_at: '2020-01-01T12:00:00.000000+00:00',
      flags: 0,
      deaf: false,
      communication_disabled_until: null,
      avatar: null,
    },
    id: `${1_100_000_000_000_000_000n + BigInt(index)}`,
    flags: 0,
    embeds: [],
    edited_timestamp: null,
    content: '',
    components: [],
    channel_id: CHANNEL_ID,
    author: {
      username: `person ${index}`,
      public_flags: 0,
      id: `${80_351_110_224_678_912n + BigInt(index)}`,
      global_name: null,
      discriminator: '0',
      avatar: '8342729096ea3675442027381ff50dfe',
    },
    attachments: [],
    guild_id: GUILD_ID,
  }
  const missing = BYTES - JSON.stringify(message).length
  return JSON.stringify({ ...message, content: `“${'words of a person, '.repeat(60)}`.slice(0, missing) })
})

export const guildId = GUILD_ID

/** Between the ids of one guild and the next, which have as many digits. */
const STEP = 1_000n

/** The first is the guild of `messages`. */
export const guildIdAt = (guild: number) => String(BigInt(GUILD_ID) + BigInt(guild) * STEP)
export const channelIdAt = (guild: number) => String(BigInt(CHANNEL_ID) + BigInt(guild) * STEP)

/** The same messages, in turn of each of so many guilds. */
export const messagesOf = (guilds: number): readonly string[] =>
  messages.map((text, index) =>
    text.replace(GUILD_ID, guildIdAt(index % guilds)).replace(CHANNEL_ID, channelIdAt(index % guilds)),
  )

/** Stands in every event on the wire, once, and nowhere else: by it a receiver counts them. */
export const NEEDLE = 'MESSAGE_CREATE'

export const messageAt = (index: number) => messages[index % MESSAGES] ?? ''
