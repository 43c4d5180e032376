import { compareSnowflakes } from '@repo/discord-integration/types'
import { ChannelFlags, ChannelType } from 'discord-api-types/v10'
import { expect } from 'vitest'
import { nobody, type Data, type Scene, type TopicCases } from './scene.ts'

export function threadsCases({
  guild,
  botId,
  channel,
  member,
  written,
  threadBegun,
  uploaded,
  rest,
}: Scene): TopicCases<'threads'> {
  const { PublicThread, PrivateThread, GuildForum } = ChannelType
  const buildLog = channel('build-log')
  const find = (id: unknown) => guild.threads.find((thread) => thread.id === id)
  const membersOf = async (id: string) =>
    ((await rest('GET', `/channels/${id}/thread-members`)) as { user_id: string }[]).map(({ user_id }) => user_id)
  /** A channel for one case alone. */
  const made = async (name: string, more: object = {}) => {
    const { id } = await rest('POST', `/guilds/${guild.id}/channels`, { name, ...more })
    return String(id)
  }
  const forum = async (more: object = {}) => {
    const tags = [{ name: 'Wood' }, { name: 'Clay' }]
    const body = { name: 'forum', type: GuildForum, available_tags: tags, ...more }
    const { id, available_tags } = await rest('POST', `/guilds/${guild.id}/channels`, body)
    return { channel_id: String(id), tags: (available_tags as { id: string }[]).map((tag) => tag.id) }
  }
  const inForum = async () => ({ channel_id: (await forum()).channel_id, name: 'x' })
  const archive = (id: string) => rest('PATCH', `/channels/${id}`, { archived: true })
  const archived = async () => {
    const channel_id = await threadBegun()
    await archive(channel_id)
    return { channel_id }
  }
  /** A channel with three archived threads, and their ids in the order of their archiving. */
  const withArchived = async (name: string, type: ChannelType) => {
    const channel_id = await made(name)
    const ids: string[] = []
    for (const title of ['one', 'two', 'three']) {
      const { id } = await rest('POST', `/channels/${channel_id}/threads`, { name: title, type })
      ids.push(String(id))
      await archive(String(id))
    }
    return { channel_id, ids }
  }
  const archivedAt = (id: string | undefined) => String(find(id)?.thread_metadata?.archive_timestamp)
  const idsOf = ({ list }: Data) => (list as { threads: { id: string }[] }).threads.map(({ id }) => id)
  const unknown = () => ({ channel_id: nobody })
  const wrongMoment = () => ({ channel_id: buildLog, before: nobody })
  return {
    create_thread: {
      payload: () => ({
        channel_id: buildLog,
        name: 'Cone 6 schedule',
        type: PrivateThread,
        auto_archive_duration: 60 as const,
        rate_limit_per_user: 10,
        invitable: false,
        reason: 'a test',
      }),
      done: ({ thread }) => {
        const expected = {
          parent_id: buildLog,
          name: 'Cone 6 schedule',
          type: PrivateThread,
          rate_limit_per_user: 10,
          thread_metadata: { auto_archive_duration: 60, invitable: false },
        }
        expect(thread).toMatchObject(expected)
        expect(find(thread.id)).toMatchObject(expected)
      },
      needing: {
        'of a public one': () => ({ channel_id: buildLog, name: 'Cone 6', type: PublicThread }),
        'of a private one': () => ({ channel_id: buildLog, name: 'Cone 6', type: PrivateThread }),
      },
      refused: {
        UNKNOWN_CHANNEL: () => ({ ...unknown(), name: 'x' }),
        CANNOT_EXECUTE_ACTION_ON_THIS_CHANNEL_TYPE: () => ({ channel_id: channel('Loft'), name: 'x' }),
        MISSING_PERMISSIONS: () => ({ channel_id: channel('announcements'), name: 'x', type: PublicThread }),
        INVALID_PAYLOAD: () => ({ channel_id: buildLog, name: 'x', auto_archive_duration: 61 }),
      },
    },
    create_thread_from_message: {
      payload: async () => ({
        channel_id: buildLog,
        message_id: await written('Look at this glaze'),
        name: 'About this glaze',
        auto_archive_duration: 60 as const,
        reason: 'a test',
      }),
      done: ({ thread }, { message_id }) => {
        expect(thread).toMatchObject({ id: message_id, name: 'About this glaze' })
        expect(find(message_id)).toMatchObject({ parent_id: buildLog, thread_metadata: { auto_archive_duration: 60 } })
      },
      refused: {
        UNKNOWN_MESSAGE: () => ({ channel_id: buildLog, message_id: nobody, name: 'x' }),
        THREAD_ALREADY_CREATED_FOR_MESSAGE: async () => {
          const payload = { channel_id: buildLog, message_id: await written('Look again'), name: 'x' }
          await rest('POST', `/channels/${buildLog}/messages/${payload.message_id}/threads`, { name: 'x' })
          return payload
        },
        CANNOT_EXECUTE_ACTION_ON_THIS_CHANNEL_TYPE: async () => {
          const { id } = await rest('POST', `/channels/${channel('Loft')}/messages`, { content: 'x' })
          return { channel_id: channel('Loft'), message_id: id, name: 'x' }
        },
        INVALID_PAYLOAD: () => ({ channel_id: buildLog, message_id: nobody, name: '' }),
      },
    },
    create_forum_post: {
      payload: async () => {
        const { channel_id, tags } = await forum()
        return {
          channel_id,
          name: 'Which wood for a mallet?',
          applied_tags: tags.slice(0, 1),
          message: { content: 'Beech?', embeds: [{ title: 'A mallet' }] },
          reason: 'a test',
        }
      },
      done: async ({ thread }, { channel_id, applied_tags }) => {
        const said = { content: 'Beech?', embeds: [{ title: 'A mallet' }] }
        expect(thread).toMatchObject({ parent_id: channel_id, message: said })
        expect(find(thread.id)).toMatchObject({ name: 'Which wood for a mallet?', applied_tags })
        expect(await rest('GET', `/channels/${thread.id}/messages/${thread.id}`)).toMatchObject(said)
      },
      needing: {
        'with `files`': async () => ({ ...(await inForum()), message: { files: [{ upload: await uploaded() }] } }),
        'with `embeds`': async () => ({ ...(await inForum()), message: { embeds: [{ title: 'A mallet' }] } }),
      },
      refused: {
        UNKNOWN_CHANNEL: () => ({ ...unknown(), name: 'x', message: { content: 'x' } }),
        UNKNOWN_TAG: async () => {
          const { channel_id } = await forum()
          return { channel_id, name: 'x', message: { content: 'x' }, applied_tags: [nobody] }
        },
        TAG_REQUIRED_TO_CREATE_A_FORUM_POST_IN_THIS_CHANNEL: async () => {
          const { channel_id } = await forum()
          await rest('PATCH', `/channels/${channel_id}`, { flags: ChannelFlags.RequireTag })
          return { channel_id, name: 'x', message: { content: 'x' } }
        },
        INVALID_PAYLOAD: () => ({ ...unknown(), name: 'x', message: {} }),
      },
    },
    edit_thread: {
      payload: async () => {
        const { channel_id, tags } = await forum()
        const post = { name: 'x', message: { content: 'x' } }
        const { id } = await rest('POST', `/channels/${channel_id}/threads`, post)
        return {
          channel_id: String(id),
          name: 'Answered',
          applied_tags: tags,
          archived: true,
          locked: true,
          auto_archive_duration: 60 as const,
          rate_limit_per_user: 10,
          flags: ChannelFlags.Pinned,
          reason: 'a test',
        }
      },
      done: ({ thread }, { channel_id, applied_tags }) => {
        const expected = {
          id: channel_id,
          name: 'Answered',
          applied_tags,
          rate_limit_per_user: 10,
          flags: ChannelFlags.Pinned,
          thread_metadata: { archived: true, locked: true, auto_archive_duration: 60 },
        }
        expect(thread).toMatchObject(expected)
        expect(find(channel_id)).toMatchObject(expected)
      },
      refused: {
        UNKNOWN_CHANNEL: () => ({ ...unknown(), archived: true }),
        INVALID_ACTION_ON_ARCHIVED_THREAD: async () => ({ ...(await archived()), name: 'x' }),
        UNKNOWN_TAG: async () => {
          const { channel_id } = await forum()
          const { id } = await rest('POST', `/channels/${channel_id}/threads`, { name: 'x', message: { content: 'x' } })
          return { channel_id: id, applied_tags: [nobody] }
        },
        INVALID_PAYLOAD: () => ({ ...unknown(), archived: 'yes' }),
      },
    },
    join_thread: {
      payload: async () => {
        const channel_id = await threadBegun()
        await rest('DELETE', `/channels/${channel_id}/thread-members/@me`)
        return { channel_id }
      },
      done: async (_data, { channel_id }) => expect(await membersOf(channel_id)).toEqual([botId]),
      refused: {
        UNKNOWN_CHANNEL: unknown,
        INVALID_ACTION_ON_ARCHIVED_THREAD: archived,
        INVALID_PAYLOAD: () => ({}),
      },
    },
    leave_thread: {
      payload: async () => ({ channel_id: await threadBegun() }),
      done: async (_data, { channel_id }) => expect(await membersOf(channel_id)).toEqual([]),
      refused: {
        UNKNOWN_CHANNEL: unknown,
        INVALID_ACTION_ON_ARCHIVED_THREAD: archived,
        INVALID_PAYLOAD: () => ({}),
      },
    },
    add_thread_member: {
      payload: async () => ({ channel_id: await threadBegun(), user_id: member('pikelet') }),
      done: async (_data, { channel_id, user_id }) => expect(await membersOf(channel_id)).toContain(user_id),
      refused: {
        UNKNOWN_CHANNEL: () => ({ ...unknown(), user_id: nobody }),
        UNKNOWN_MEMBER: async () => ({ channel_id: await threadBegun(), user_id: nobody }),
        INVALID_ACTION_ON_ARCHIVED_THREAD: async () => ({ ...(await archived()), user_id: member('pikelet') }),
        INVALID_PAYLOAD: () => ({ ...unknown(), user_id: '@me' }),
      },
    },
    remove_thread_member: {
      payload: async () => {
        const channel_id = await threadBegun()
        await rest('PUT', `/channels/${channel_id}/thread-members/${member('pikelet')}`)
        return { channel_id, user_id: member('pikelet') }
      },
      done: async (_data, { channel_id }) => expect(await membersOf(channel_id)).toEqual([botId]),
      needing: {
        'but from a private one that it has begun': async () => {
          const channel_id = await threadBegun()
          await rest('PUT', `/channels/${channel_id}/thread-members/${member('pikelet')}`)
          return { channel_id, user_id: member('pikelet') }
        },
      },
      refused: {
        UNKNOWN_CHANNEL: () => ({ ...unknown(), user_id: nobody }),
        INVALID_ACTION_ON_ARCHIVED_THREAD: async () => ({ ...(await archived()), user_id: botId }),
        INVALID_PAYLOAD: () => ({ ...unknown(), user_id: '@me' }),
      },
    },
    get_thread_member: {
      payload: async () => {
        const channel_id = await threadBegun()
        await rest('PUT', `/channels/${channel_id}/thread-members/${member('pikelet')}`)
        return { channel_id, user_id: member('pikelet'), with_member: true }
      },
      done: ({ member: read }, { channel_id, user_id }) =>
        expect(read).toMatchObject({ id: channel_id, user_id, member: { user: { username: 'pikelet' } } }),
      refused: {
        UNKNOWN_CHANNEL: () => ({ ...unknown(), user_id: nobody }),
        UNKNOWN_MEMBER: async () => ({ channel_id: await threadBegun(), user_id: nobody }),
        INVALID_PAYLOAD: unknown,
      },
    },
    list_thread_members: {
      payload: async () => {
        const channel_id = await threadBegun()
        const ids = [member('pikelet'), member('brackish')]
        for (const id of ids) await rest('PUT', `/channels/${channel_id}/thread-members/${id}`)
        const [after = ''] = [botId, ...ids].toSorted(compareSnowflakes)
        return { channel_id, with_member: true, after, limit: 1 }
      },
      done: ({ members }, { after = '' }) => {
        expect(members).toHaveLength(1)
        expect(compareSnowflakes(members[0].user_id, after)).toBe(1)
        expect(members[0].member.user.id).toBe(members[0].user_id)
      },
      refused: {
        UNKNOWN_CHANNEL: unknown,
        CANNOT_EXECUTE_ACTION_ON_THIS_CHANNEL_TYPE: () => ({ channel_id: buildLog }),
        INVALID_PAYLOAD: () => ({ channel_id: buildLog, limit: 0 }),
      },
    },
    list_active_threads: {
      payload: async () => {
        await threadBegun()
        await archived()
        return { guild_id: guild.id }
      },
      done: (data) => {
        const isActive = ({ thread_metadata }: (typeof guild.threads)[number]) => !thread_metadata?.archived
        expect(guild.threads.every(isActive)).toBe(false)
        const active = guild.threads.filter(isActive).map(({ id }) => id)
        expect(active.length).toBeGreaterThan(0)
        expect(idsOf(data).sort()).toEqual(active.sort())
      },
      refused: { UNKNOWN_GUILD: () => ({ guild_id: nobody }), INVALID_PAYLOAD: () => ({}) },
    },
    list_public_archived_threads: {
      payload: async () => {
        const { channel_id, ids } = await withArchived('public-ones', PublicThread)
        return { channel_id, before: archivedAt(ids[2]), limit: 2 }
      },
      done: (data, { channel_id, before = '' }) => {
        const earlier = guild.threads.filter(
          ({ id, parent_id }) => parent_id === channel_id && Date.parse(archivedAt(id)) < Date.parse(before),
        )
        expect(idsOf(data).sort()).toEqual(earlier.map(({ id }) => id).sort())
        expect(data['list'].has_more).toBe(false)
      },
      refused: { UNKNOWN_CHANNEL: unknown, INVALID_PAYLOAD: wrongMoment },
    },
    list_private_archived_threads: {
      payload: async () => {
        const { channel_id } = await withArchived('private-ones', PrivateThread)
        return { channel_id, before: new Date(Date.now() + 60_000).toISOString(), limit: 2 }
      },
      done: (data, { channel_id }) => {
        expect(idsOf(data).map((id) => find(id)?.parent_id)).toEqual([channel_id, channel_id])
        expect(data['list'].has_more).toBe(true)
      },
      refused: { UNKNOWN_CHANNEL: unknown, INVALID_PAYLOAD: wrongMoment },
    },
    list_own_archived_threads: {
      payload: async () => {
        const { channel_id, ids } = await withArchived('own-ones', PrivateThread)
        return { channel_id, before: String(ids[2]), limit: 2 }
      },
      done: (data, { channel_id, before }) => {
        const others = guild.threads.filter(({ id, parent_id }) => parent_id === channel_id && id !== before)
        expect(idsOf(data).sort()).toEqual(others.map(({ id }) => id).sort())
      },
      refused: {
        UNKNOWN_CHANNEL: unknown,
        INVALID_PAYLOAD: () => ({ channel_id: buildLog, before: '2026-01-01T00:00:00Z' }),
      },
    },
  }
}
