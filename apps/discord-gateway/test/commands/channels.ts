import { ChannelType, PermissionFlagsBits } from 'discord-api-types/v10'
import { expect } from 'vitest'
import { nobody, type Scene, type TopicCases } from './scene.ts'

export function channelsCases({
  guild,
  botId,
  channel,
  role,
  rest,
  threadBegun,
  eventAround,
}: Scene): TopicCases<'channels'> {
  const find = (id: unknown) => guild.channels.find((one) => one.id === id)
  const made = async (name: string, more: object = {}) =>
    String((await rest('POST', `/guilds/${guild.id}/channels`, { name, ...more }))['id'])
  const overwritesOf = (id: string) => {
    const found = find(id)
    return (found && 'permission_overwrites' in found && found.permission_overwrites) || []
  }
  const view = String(PermissionFlagsBits.ViewChannel)
  const administrator = String(PermissionFlagsBits.Administrator)
  const everything = (id: string) => ({ id, type: 0 as const, allow: administrator })
  const unknown = () => ({ channel_id: nobody })
  const overwritten = async (name: string) => {
    const channel_id = await made(name, {
      permission_overwrites: [{ id: role('Maker'), type: 0, allow: '0', deny: view }],
    })
    return { channel_id, overwrite_id: role('Maker') }
  }
  return {
    get_channel: {
      payload: () => ({ channel_id: channel('build-log') }),
      done: ({ channel: read }) => expect(read).toMatchObject({ id: channel('build-log'), name: 'build-log' }),
      refused: { UNKNOWN_CHANNEL: unknown, INVALID_PAYLOAD: () => ({ channel_id: 'build-log' }) },
    },
    create_channel: {
      payload: () => ({
        guild_id: guild.id,
        name: 'questions',
        type: ChannelType.GuildForum as const,
        parent_id: channel('Upstairs'),
        topic: 'Ask here',
        permission_overwrites: [{ id: role('Maker'), type: 0 as const, deny: view }],
        available_tags: [{ name: 'Wood', emoji_name: '🪵' }],
        default_reaction_emoji: { emoji_name: '👍' },
        reason: 'a test',
      }),
      done: ({ channel: answered }) => {
        const expected = {
          name: 'questions',
          type: ChannelType.GuildForum,
          parent_id: channel('Upstairs'),
          topic: 'Ask here',
          permission_overwrites: [{ id: role('Maker'), deny: view }],
          available_tags: [{ name: 'Wood', emoji_name: '🪵' }],
          default_reaction_emoji: { emoji_name: '👍' },
        }
        expect(answered).toMatchObject(expected)
        expect(find(answered.id)).toMatchObject(expected)
      },
      refused: {
        UNKNOWN_GUILD: () => ({ guild_id: nobody, name: 'x' }),
        INVALID_FORM_BODY_OR_CONTENT_TYPE: () => ({ guild_id: guild.id, name: 'x', parent_id: nobody }),
        MISSING_PERMISSIONS: () => ({
          guild_id: guild.id,
          name: 'x',
          permission_overwrites: [everything(role('Maker'))],
        }),
        INVALID_PAYLOAD: () => ({ guild_id: guild.id, name: '' }),
      },
    },
    edit_channel: {
      payload: async () => ({
        channel_id: await made('to-be-edited', { topic: 'before' }),
        name: 'edited',
        topic: null,
        rate_limit_per_user: 10,
        default_auto_archive_duration: 60 as const,
        reason: 'a test',
      }),
      done: ({ channel: answered }, { channel_id }) => {
        const expected = {
          id: channel_id,
          name: 'edited',
          topic: null,
          rate_limit_per_user: 10,
          default_auto_archive_duration: 60,
        }
        expect(answered).toMatchObject(expected)
        expect(find(channel_id)).toMatchObject(expected)
      },
      needing: {
        'with `permission_overwrites`': async () => ({
          channel_id: await made('for-makers'),
          permission_overwrites: [{ id: role('Maker'), type: 0, deny: view }],
        }),
      },
      refused: {
        UNKNOWN_CHANNEL: () => ({ ...unknown(), name: 'x' }),
        INVALID_FORM_BODY_OR_CONTENT_TYPE: () => ({ channel_id: channel('Loft'), user_limit: 100 }),
        MISSING_PERMISSIONS: async () => ({
          channel_id: await made('not-for-all'),
          permission_overwrites: [everything(role('Maker'))],
        }),
        INVALID_PAYLOAD: () => ({ ...unknown(), type: ChannelType.GuildVoice }),
      },
    },
    delete_channel: {
      payload: async () => ({ channel_id: await made('gone-soon'), reason: 'a test' }),
      done: (_data, { channel_id }) => expect(find(channel_id)).toBeUndefined(),
      needing: {
        'of a channel': async () => ({ channel_id: await made('gone-soon') }),
        'of a thread': async () => ({ channel_id: await threadBegun() }),
      },
      refused: { UNKNOWN_CHANNEL: unknown, INVALID_PAYLOAD: () => ({ ...unknown(), reason: '' }) },
    },
    move_channels: {
      payload: async () => {
        const parent_id = await made('a category', { type: ChannelType.GuildCategory })
        const [first, second] = [await made('first'), await made('second')]
        return {
          guild_id: guild.id,
          channels: [
            { id: second, position: 70, parent_id },
            { id: first, position: 71, parent_id, lock_permissions: true },
          ],
          reason: 'a test',
        }
      },
      done: (_data, { channels: moved }) => {
        for (const { id, position, parent_id } of moved) expect(find(id)).toMatchObject({ position, parent_id })
      },
      refused: {
        UNKNOWN_GUILD: () => ({ guild_id: nobody, channels: [{ id: nobody, position: 0 }] }),
        UNKNOWN_CHANNEL: () => ({ guild_id: guild.id, channels: [{ id: nobody, position: 0 }] }),
        INVALID_FORM_BODY_OR_CONTENT_TYPE: () => ({
          guild_id: guild.id,
          channels: [{ id: channel('build-log'), parent_id: nobody }],
        }),
        INVALID_PAYLOAD: () => ({ guild_id: guild.id, channels: [] }),
      },
    },
    set_channel_permission: {
      payload: async () => ({
        channel_id: await made('for-makers'),
        overwrite_id: role('Maker'),
        type: 0 as const,
        allow: view,
        deny: String(PermissionFlagsBits.AddReactions),
        reason: 'a test',
      }),
      done: (_data, { channel_id, overwrite_id, allow, deny }) =>
        expect(overwritesOf(channel_id)).toMatchObject([{ id: overwrite_id, type: 0, allow, deny }]),
      refused: {
        UNKNOWN_CHANNEL: () => ({ ...unknown(), overwrite_id: nobody, type: 0 }),
        UNKNOWN_PERMISSION_OVERWRITE: async () => ({
          channel_id: await made('for-nobody'),
          overwrite_id: nobody,
          type: 0,
        }),
        MISSING_PERMISSIONS: async () => ({
          channel_id: await made('for-no-makers'),
          overwrite_id: role('Maker'),
          type: 0,
          allow: administrator,
        }),
        INVALID_PAYLOAD: () => ({ ...unknown(), overwrite_id: nobody, type: 0, allow: 'ViewChannel' }),
      },
    },
    delete_channel_permission: {
      payload: async () => ({ ...(await overwritten('no-longer-hidden')), reason: 'a test' }),
      done: (_data, { channel_id }) => {
        expect(find(channel_id)).toBeDefined()
        expect(overwritesOf(channel_id)).toEqual([])
      },
      refused: {
        UNKNOWN_CHANNEL: () => ({ ...unknown(), overwrite_id: nobody }),
        UNKNOWN_PERMISSION_OVERWRITE: async () => ({ ...(await overwritten('hidden')), overwrite_id: nobody }),
        INVALID_PAYLOAD: () => ({ ...unknown(), overwrite_id: 'Maker' }),
      },
    },
    follow_announcement_channel: {
      payload: async () => ({
        channel_id: channel('announcements'),
        webhook_channel_id: await made('news-from-elsewhere'),
        reason: 'a test',
      }),
      done: async ({ followed_channel }, { channel_id, webhook_channel_id }) => {
        expect(followed_channel).toMatchObject({ channel_id })
        const hooks = await rest('GET', `/channels/${webhook_channel_id}/webhooks`)
        expect(hooks).toMatchObject([{ id: followed_channel.webhook_id, source_channel: { id: channel_id } }])
      },
      refused: {
        UNKNOWN_CHANNEL: () => ({ channel_id: channel('announcements'), webhook_channel_id: nobody }),
        CANNOT_EXECUTE_ACTION_ON_THIS_CHANNEL_TYPE: () => ({
          channel_id: channel('build-log'),
          webhook_channel_id: channel('general'),
        }),
        INVALID_PAYLOAD: () => ({ channel_id: channel('announcements') }),
      },
    },
    trigger_typing: {
      payload: async () => ({ channel_id: await made('somebody-types') }),
      done: async (_data, { channel_id }) =>
        expect(await eventAround('TYPING_START')).toMatchObject({ channel_id, user_id: botId }),
      refused: {
        UNKNOWN_CHANNEL: unknown,
        MISSING_PERMISSIONS: () => ({ channel_id: channel('announcements') }),
        INVALID_PAYLOAD: () => ({}),
      },
    },
  }
}
