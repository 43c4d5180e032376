import type { Stack } from './stack.ts'

/** Everything that the page shows of messages and channels, each once, in channels of its own. */

export const TEXTS = 'show-and-tell'
export const POSTS = 'projects'
export const STAGE = 'Friday demo'
const GUILD = 'Tidewater Makers'

/** The world's guild; the scene is made of dispatches, as anything that happens at Discord. */
function guildOf({ simulator }: Stack) {
  const guild = simulator.world.guilds().find(({ name }) => name === GUILD)
  if (!guild) throw new Error(`the world has no ${GUILD}`)
  return guild
}

let step = 0
/** A new id of a moment. */
const idAt = (ms: number): string => String((BigInt(ms - 1_420_070_400_000) << 22n) | BigInt((step += 1) % 4_096))

const personOf = (stack: Stack, username: string) => {
  const member = guildOf(stack).members.find(({ user }) => user.username === username)
  if (!member) throw new Error(`${GUILD} has no ${username}`)
  return member.user
}

/** The ids of a channel, by its name. */
export const channelIdOf = (stack: Stack, name: string): string => {
  const guild = guildOf(stack)
  const channel = [...guild.channels, ...guild.threads].find((one) => one.name === name)
  if (!channel) throw new Error(`${GUILD} has no channel ${name}`)
  return channel.id
}

/** Makes a channel in the category of the written ones. */
export function makeChannel(stack: Stack, name: string, fields: object): string {
  const guild = guildOf(stack)
  const known = guild.channels.find((one) => one.name === name)
  if (known) return known.id
  const general = guild.channels.find((one) => one.name === 'general')
  const id = idAt(Date.now())
  stack.simulator.dispatch('CHANNEL_CREATE', {
    ...general,
    id,
    name,
    position: 90 + step,
    topic: null,
    last_message_id: null,
    permission_overwrites: [],
    ...fields,
  })
  return id
}

/** A message of a moment, as MESSAGE_CREATE brings it. */
export function tell(stack: Stack, channelId: string, by: string, fields: Record<string, unknown>, at = Date.now()) {
  const message = {
    id: idAt(at),
    guild_id: guildOf(stack).id,
    channel_id: channelId,
    author: personOf(stack, by),
    type: 0,
    content: '',
    mentions: [],
    mention_roles: [],
    mention_everyone: false,
    attachments: [],
    embeds: [],
    components: [],
    timestamp: new Date(at).toISOString(),
    edited_timestamp: null,
    pinned: false,
    tts: false,
    flags: 0,
    ...fields,
  }
  stack.simulator.dispatch('MESSAGE_CREATE', message)
  return message
}

const EMOJI = '1187220946017062912'
const MARKDOWN = (ids: { user: string; role: string; channel: string }) =>
  `# Glaze notes
## Second firing
### What went wrong
**Bold**, *italics*, __underlined__, ~~struck~~, ***both***, ||the secret ingredient||, \`inline code\`.
> One line quoted
> and **another**.
- a list
- of things
  - with one within
3. third
4. fourth
-# Small print, as ever.
\`\`\`ts
const cone = 6
\`\`\`
[A masked link](https://example.org/glaze "The recipe"), https://example.org/a_(b), <kiln@example.org>.
<@${ids.user}> <@&${ids.role}> <#${ids.channel}> @everyone </fire kiln:${EMOJI}> <id:customize>
<t:1700000000:t> <t:1700000000:T> <t:1700000000:d> <t:1700000000:D> <t:1700000000:f> <t:1700000000:F> <t:1700000000:s> <t:1700000000:S> <t:${Math.floor(Date.now() / 1000) - 300}:R>
<:kiln:${EMOJI}> and <a:fire:${EMOJI}> in a line.`

const attachment = (filename: string, type: string, more: object = {}) => ({
  id: idAt(Date.now()),
  filename,
  content_type: type,
  size: 184_320,
  url: `https://cdn.discordapp.com/attachments/1/1/${filename}`,
  proxy_url: `https://media.discordapp.net/attachments/1/1/${filename}`,
  ...more,
})

const picture = {
  url: 'https://example.org/p.png',
  proxy_url: 'https://media.discordapp.net/p.png',
  width: 640,
  height: 360,
}

const snapshot = (content: string) => ({
  message: {
    type: 0,
    content,
    mentions: [],
    mention_roles: [],
    attachments: [],
    embeds: [],
    flags: 0,
    timestamp: '2026-11-20T14:00:00Z',
  },
})

const embed = {
  type: 'rich',
  title: 'Kiln 2, **cone 6** glaze',
  url: 'https://example.org/kiln',
  description: 'Holding at `1,222 °C`.\n- flat\n- quiet',
  color: 0xa36400,
  author: { name: 'Kiln watch', url: 'https://example.org', icon_url: 'https://media.discordapp.net/i.png' },
  fields: [
    { name: 'Now', value: '1,043 °C', inline: true },
    { name: 'Target', value: '1,222 °C', inline: true },
    { name: 'Note', value: 'Vent **open** until nine.', inline: false },
  ],
  image: picture,
  thumbnail: { ...picture, width: 80, height: 80 },
  footer: { text: 'Every five minutes' },
  timestamp: '2026-11-20T14:00:00Z',
}

const video = {
  type: 'video',
  url: 'https://video.example.org/watch',
  title: 'Throwing a bowl',
  provider: { name: 'Example Video', url: 'https://video.example.org' },
  thumbnail: picture,
  video: { url: 'https://video.example.org/embed', width: 640, height: 360 },
}

const buttons = {
  type: 1,
  components: [
    { type: 2, style: 1, label: 'Put me down', custom_id: 'down', emoji: { name: '🫖' } },
    { type: 2, style: 5, label: 'The sheet', url: 'https://example.org/sheet' },
  ],
}
const choice = { type: 1, components: [{ type: 3, custom_id: 'kiln', placeholder: 'Which kiln?', options: [] }] }
const container = {
  type: 17,
  accent_color: 0x0f766e,
  components: [
    {
      type: 9,
      components: [{ type: 10, content: '## Shelf 4\nis **free**.' }],
      accessory: { type: 11, media: picture, description: 'The shelf' },
    },
    { type: 14, divider: true, spacing: 1 },
    { type: 12, items: [{ media: picture, description: 'From above' }] },
    { type: 13, file: { url: 'https://cdn.discordapp.com/plan.pdf' }, name: 'plan.pdf', size: 20_480 },
  ],
}

/** Discord's own messages: what they say on the page, and what makes them say it. */
const SYSTEM: readonly [type: number, fields: object][] = [
  [1, { mentions: 'pikelet' }],
  [2, { mentions: 'pikelet' }],
  [3, {}],
  [4, { content: 'glaze-talk' }],
  [5, {}],
  [6, {}],
  [7, {}],
  [8, { content: '2' }],
  [9, {}],
  [10, {}],
  [11, {}],
  [12, { content: 'Clay News' }],
  [14, {}],
  [15, {}],
  [16, {}],
  [17, {}],
  [18, { content: 'a thread' }],
  [22, {}],
  [
    24,
    {
      embeds: [
        { type: 'auto_moderation_message', description: 'a word', fields: [{ name: 'rule_name', value: 'Words' }] },
      ],
    },
  ],
  [
    25,
    {
      role_subscription_data: {
        tier_name: 'Patron',
        total_months_subscribed: 3,
        is_renewal: true,
        role_subscription_listing_id: '1',
      },
    },
  ],
  [26, {}],
  [27, { content: 'Ten minutes each' }],
  [28, { content: 'Ten minutes each' }],
  [29, {}],
  [30, {}],
  [31, { content: 'Five minutes each' }],
  [32, { application: { id: '1', name: 'Kiln Log' } }],
  [36, { content: '2026-11-20T18:00:00Z' }],
  [37, {}],
  [38, {}],
  [39, {}],
  [
    44,
    { purchase_notification: { type: 0, guild_product_purchase: { listing_id: '1', product_name: 'A bag of clay' } } },
  ],
  [
    46,
    {
      embeds: [
        {
          type: 'poll_result',
          fields: [
            { name: 'poll_question_text', value: 'Which glaze?' },
            { name: 'victor_answer_text', value: 'Celadon' },
            { name: 'victor_answer_votes', value: '2' },
            { name: 'total_votes', value: '3' },
          ],
        },
      ],
    },
  ],
  [99, {}],
]

export const SYSTEM_TYPES: readonly number[] = SYSTEM.map(([type]) => type)

/** All that a message can be, in a channel of its own; for the second time it is there already. */
export function showMessages(stack: Stack): string {
  const guild = guildOf(stack)
  const known = guild.channels.find(({ name }) => name === TEXTS)
  if (known) return known.id
  const channelId = makeChannel(stack, TEXTS, { type: 0 })
  const [umberfox, pikelet] = [personOf(stack, 'umberfox'), personOf(stack, 'pikelet')]
  const role = guild.roles.find(({ name }) => name === 'Moderator')?.id ?? ''
  // In the past, so that what people write then comes after it.
  let at = Date.now() - 3_600_000
  const say = (by: string, fields: Record<string, unknown>) => tell(stack, channelId, by, fields, (at += 20_000))

  const [chat, news] = [channelIdOf(stack, 'general'), channelIdOf(stack, 'announcements')]
  for (const [type, { mentions, ...fields }] of SYSTEM as [number, { mentions?: string }][])
    say('quillwort', { type, ...fields, ...(mentions && { mentions: [pikelet] }) })
  const long = say('tessellate', {
    content: MARKDOWN({ user: umberfox.id, role, channel: chat }),
    mentions: [umberfox],
    mention_roles: [role],
  })
  say('oddment', { content: `<:kiln:${EMOJI}> 🔥` })
  say('saltmarsh', {
    type: 19,
    content: 'Noted.',
    referenced_message: long,
    message_reference: { type: 0, message_id: long.id, channel_id: channelId },
  })
  say('saltmarsh', {
    type: 19,
    content: 'To one that is gone.',
    referenced_message: null,
    message_reference: { type: 0, message_id: '1', channel_id: channelId },
  })
  say('gantry', { embeds: [embed, video, { type: 'gifv', url: 'https://gif.example.org/a', thumbnail: picture }] })
  say('pikelet', {
    content: 'Pictures',
    edited_timestamp: new Date(at).toISOString(),
    attachments: [
      attachment('shelf.png', 'image/png', { width: 640, height: 360, description: 'A shelf of bowls' }),
      attachment('SPOILER_bowl.png', 'image/png', { width: 360, height: 640 }),
      attachment('interlock-bracket.step', 'model/step'),
    ],
  })
  say('pikelet', { attachments: [attachment('kiln.mp4', 'video/mp4', { width: 640, height: 360 })] })
  say('pikelet', {
    flags: 8192,
    attachments: [attachment('voice-message.ogg', 'audio/ogg', { duration_secs: 12.4, waveform: 'AA==' })],
  })
  say('halfpenny', {
    sticker_items: [
      { id: EMOJI, name: 'Wave', format_type: 1 },
      { id: EMOJI.replace('2', '3'), name: 'Bounce', format_type: 3 },
    ],
  })
  say('brackish', {
    poll: {
      question: { text: 'Which glaze next?' },
      answers: [
        { answer_id: 1, poll_media: { text: 'Celadon', emoji: { id: null, name: '🫖' } } },
        { answer_id: 2, poll_media: { text: 'Tenmoku' } },
      ],
      expiry: new Date(Date.now() + 7_200_000).toISOString(),
      allow_multiselect: false,
      layout_type: 1,
      results: {
        is_finalized: false,
        answer_counts: [
          { id: 1, count: 3, me_voted: false },
          { id: 2, count: 1, me_voted: false },
        ],
      },
    },
  })
  say('brackish', {
    poll: {
      question: { text: 'Friday or Saturday?' },
      answers: [
        { answer_id: 1, poll_media: { text: 'Friday' } },
        { answer_id: 2, poll_media: { text: 'Saturday' } },
      ],
      expiry: new Date(Date.now() - 60_000).toISOString(),
      allow_multiselect: true,
      layout_type: 1,
      results: { is_finalized: true, answer_counts: [{ id: 2, count: 5, me_voted: false }] },
    },
  })
  say('quillwort', {
    message_reference: { type: 1, channel_id: news, message_id: idAt(at - 60_000) },
    message_snapshots: [snapshot('The extractor is **serviced**.')],
  })
  say('gantry', {
    content: 'Kiln 2 is at 1,043 °C.',
    type: 20,
    application_id: '1',
    webhook_id: '1',
    interaction: { id: '1', type: 2, name: 'kiln', user: umberfox },
    interaction_metadata: { id: '1', type: 2, user: umberfox, authorizing_integration_owners: {} },
  })
  say('gantry', { components: [buttons, choice] })
  say('gantry', { flags: 32_768, components: [container] })
  say('gantry', { content: '', flags: 128, type: 20, application_id: '1', webhook_id: '1' })
  say('cinderwick', {
    author: {
      id: '1187220946017062900',
      username: 'Build bot',
      discriminator: '0000',
      global_name: null,
      avatar: null,
      bot: true,
    },
    webhook_id: '1187220946017062900',
    content: 'Deployed.',
  })
  say('cinderwick', { pinned: true, content: 'The door code changes on Monday.' })
  say('oddment', {
    type: 21,
    referenced_message: long,
    message_reference: { type: 0, channel_id: channelId, message_id: long.id },
  })
  say('halfpenny', { content: 'الفرن الثاني محجوز حتى التاسعة مساءً. من يريد موعداً غداً فليكتب هنا.' })
  say('umberfox', {
    content: 'Supercalibrationmeasurementandrecalibrationscheduleforthewholeworkshopfloor_v2_final_final.ods',
  })
  const liked = say('fenwick_lamp', { content: 'Who is in on Friday?' })
  for (const [user, emoji] of [
    [umberfox, { id: null, name: '👍' }],
    [pikelet, { id: null, name: '👍' }],
    [pikelet, { id: EMOJI, name: 'kiln' }],
  ] as const) {
    stack.simulator.dispatch('MESSAGE_REACTION_ADD', {
      user_id: user.id,
      channel_id: channelId,
      message_id: liked.id,
      guild_id: guild.id,
      emoji,
      burst: false,
      type: 0,
      message_author_id: liked.author.id,
    })
  }
  return channelId
}

/** A channel of posts, with three that are active and one that is archived. */
export function showPosts(stack: Stack): string {
  const guild = guildOf(stack)
  const known = guild.channels.find(({ name }) => name === POSTS)
  if (known) return known.id
  const tag = { id: idAt(Date.now()), name: 'wood', moderated: false, emoji_id: null, emoji_name: '🪵' }
  const channelId = makeChannel(stack, POSTS, { type: 15, available_tags: [tag], default_sort_order: null })
  const hour = 3_600_000
  const post = (name: string, hoursAgo: number, fields: object = {}, archived = false) => {
    const at = Date.now() - hoursAgo * hour
    const id = idAt(at)
    stack.simulator.dispatch('THREAD_CREATE', {
      id,
      guild_id: guild.id,
      parent_id: channelId,
      owner_id: personOf(stack, 'pikelet').id,
      type: 11,
      name,
      last_message_id: null,
      rate_limit_per_user: 0,
      message_count: 4,
      member_count: 2,
      total_message_sent: 4,
      flags: 0,
      applied_tags: [],
      thread_metadata: {
        archived,
        auto_archive_duration: 4320,
        archive_timestamp: new Date(archived ? at : Date.now()).toISOString(),
        locked: false,
      },
      newly_created: true,
      ...fields,
    })
    tell(stack, id, 'pikelet', { content: `About ${name}` }, at + 1_000)
    return id
  }
  post('A boat in the loft', 30, { applied_tags: [tag.id] })
  post('Read this first', 300, { flags: 2 })
  post('Plotter, third attempt', 2)
  post('Long done', 900, {}, true)
  return channelId
}

/** Two hundred on the stage, three of whom speak, and one more who asks to. */
export function showCrowd(stack: Stack): string {
  const guild = guildOf(stack)
  const channelId = channelIdOf(stack, STAGE)
  if (guild.stage_instances.length > 0) return channelId
  stack.simulator.dispatch('STAGE_INSTANCE_CREATE', {
    id: idAt(Date.now()),
    guild_id: guild.id,
    channel_id: channelId,
    topic: 'Ten minutes each',
    privacy_level: 2,
    discoverable_disabled: true,
    guild_scheduled_event_id: null,
  })
  for (let index = 0; index <= 200; index += 1) {
    const user = {
      id: idAt(Date.now() - 1_000_000 - index),
      username: `listener_${index}`,
      discriminator: '0',
      global_name: null,
      avatar: null,
    }
    const member = {
      user,
      nick: null,
      avatar: null,
      roles: [],
      joined_at: '2026-01-01T00:00:00Z',
      premium_since: null,
      deaf: false,
      mute: false,
      flags: 0,
    }
    stack.simulator.dispatch('GUILD_MEMBER_ADD', { ...member, guild_id: guild.id })
    stack.simulator.dispatch('VOICE_STATE_UPDATE', {
      guild_id: guild.id,
      channel_id: channelId,
      user_id: user.id,
      member,
      session_id: `crowd-${index}`,
      deaf: false,
      mute: index === 2,
      self_deaf: false,
      self_mute: index > 2,
      self_video: index === 1,
      self_stream: index === 0,
      suppress: index > 2,
      request_to_speak_timestamp: index === 200 ? '2026-11-20T14:00:00Z' : null,
    })
  }
  return channelId
}

/** Takes a channel of the above away again. */
export function hideChannel(stack: Stack, name: string): void {
  const channel = guildOf(stack).channels.find((one) => one.name === name)
  if (channel) stack.simulator.dispatch('CHANNEL_DELETE', channel)
}

/** Ends the stage, and has those leave who came for it. */
export function hideCrowd(stack: Stack): void {
  const { id: guild_id, stage_instances, members } = guildOf(stack)
  for (const stage of structuredClone(stage_instances)) stack.simulator.dispatch('STAGE_INSTANCE_DELETE', stage)
  for (const { user } of members.filter((member) => member.user.username.startsWith('listener_'))) {
    const state = { guild_id, user_id: user.id, channel_id: null, session_id: 'crowd', suppress: false }
    const still = { deaf: false, mute: false, self_deaf: false, self_mute: false, self_video: false }
    stack.simulator.dispatch('VOICE_STATE_UPDATE', { ...state, ...still, request_to_speak_timestamp: null })
    stack.simulator.dispatch('GUILD_MEMBER_REMOVE', { guild_id, user })
  }
}
