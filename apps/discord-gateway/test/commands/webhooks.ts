import { expect } from 'vitest'
import { nobody, type Scene, type TopicCases } from './scene.ts'

export function webhooksCases({ guild, channel, rest, messagesOf }: Scene): TopicCases<'webhooks'> {
  const hooked = async (name: string, channelName = 'kiln-watch') => {
    const { id, token } = await rest('POST', `/channels/${channel(channelName)}/webhooks`, { name })
    return { webhook_id: String(id), webhook_token: String(token) }
  }
  const deleted = async () => {
    const hook = await hooked('Short-lived')
    await rest('DELETE', `/webhooks/${hook.webhook_id}`)
    return hook
  }
  const hook = (id: string) => rest('GET', `/webhooks/${id}`)
  const inChannel = messagesOf.bind(null, 'kiln-watch')
  /** One webhook for all that is written: a channel has room for few. */
  let writing: Promise<{ webhook_id: string; webhook_token: string }> | undefined
  const writer = () => (writing ??= hooked('Writer'))
  const spoken = async (content: string) => {
    const by = await writer()
    const { id } = await rest('POST', `/webhooks/${by.webhook_id}/${by.webhook_token}?wait=true`, { content })
    return { ...by, message_id: String(id) }
  }
  const wrongToken = async () => ({ ...(await writer()), webhook_token: 'wrong', message_id: nobody })
  const noMessage = async () => ({ ...(await writer()), message_id: nobody })
  return {
    create_webhook: {
      payload: () => ({ channel_id: channel('build-log'), name: 'Kiln watch', reason: 'a test' }),
      done: async ({ webhook }, { channel_id }) => {
        expect(webhook).toMatchObject({ channel_id, name: 'Kiln watch', token: expect.any(String) })
        expect(await hook(webhook.id)).toMatchObject({ name: 'Kiln watch', channel_id })
      },
      refused: {
        UNKNOWN_CHANNEL: () => ({ channel_id: nobody, name: 'x' }),
        INVALID_FORM_BODY_OR_CONTENT_TYPE: () => ({ channel_id: channel('build-log'), name: 'Clyde' }),
        INVALID_PAYLOAD: () => ({ channel_id: channel('build-log'), name: '' }),
      },
    },
    list_channel_webhooks: {
      payload: async () => {
        await hooked('Of a channel')
        return { channel_id: channel('kiln-watch') }
      },
      done: ({ webhooks }) => expect(webhooks).toContainEqual(expect.objectContaining({ name: 'Of a channel' })),
      refused: { UNKNOWN_CHANNEL: () => ({ channel_id: nobody }), INVALID_PAYLOAD: () => ({}) },
    },
    list_guild_webhooks: {
      payload: async () => {
        await hooked('Of a server')
        return { guild_id: guild.id }
      },
      done: ({ webhooks }) => expect(webhooks).toContainEqual(expect.objectContaining({ name: 'Of a server' })),
      refused: { UNKNOWN_GUILD: () => ({ guild_id: nobody }), INVALID_PAYLOAD: () => ({ guild_id: 'here' }) },
    },
    get_webhook: {
      payload: async () => ({ webhook_id: (await hooked('Read')).webhook_id }),
      done: ({ webhook }, { webhook_id }) => expect(webhook).toMatchObject({ id: webhook_id, name: 'Read' }),
      refused: { UNKNOWN_WEBHOOK: () => ({ webhook_id: nobody }), INVALID_PAYLOAD: () => ({ webhook_id: '' }) },
    },
    edit_webhook: {
      payload: async () => {
        const { webhook_id } = await hooked('Before')
        return { webhook_id, name: 'After', channel_id: channel('build-log'), reason: 'a test' }
      },
      done: async ({ webhook }, { webhook_id, name, channel_id }) => {
        expect(webhook).toMatchObject({ id: webhook_id, name, channel_id })
        expect(await hook(webhook_id)).toMatchObject({ name, channel_id })
      },
      refused: {
        UNKNOWN_WEBHOOK: () => ({ webhook_id: nobody, name: 'x' }),
        UNKNOWN_CHANNEL: async () => ({ webhook_id: (await writer()).webhook_id, channel_id: nobody }),
        INVALID_PAYLOAD: () => ({ webhook_id: nobody, avatar: 'https://example.com/cat.png' }),
      },
    },
    delete_webhook: {
      payload: async () => ({ webhook_id: (await hooked('Gone soon')).webhook_id, reason: 'a test' }),
      done: async (_data, { webhook_id }) => await expect(hook(webhook_id)).rejects.toThrow('404'),
      refused: { UNKNOWN_WEBHOOK: () => ({ webhook_id: nobody }), INVALID_PAYLOAD: () => ({}) },
    },
    execute_webhook: {
      payload: async () => ({
        ...(await writer()),
        wait: true,
        content: '600 °C',
        username: 'Kiln 2',
        embeds: [{ title: 'Firing' }],
        allowed_mentions: { parse: [] },
      }),
      done: ({ message }, { webhook_id }) => {
        expect(message).toMatchObject({ content: '600 °C', author: { username: 'Kiln 2' }, webhook_id })
        expect(inChannel().find(({ id }) => id === message.id)).toMatchObject({ embeds: [{ title: 'Firing' }] })
      },
      refused: {
        UNKNOWN_WEBHOOK: async () => ({ ...(await deleted()), content: 'x' }),
        INVALID_WEBHOOK_TOKEN: async () => ({ ...(await writer()), webhook_token: 'wrong', content: 'x' }),
        INVALID_PAYLOAD: async () => await writer(),
      },
    },
    get_webhook_message: {
      payload: () => spoken('to be read'),
      done: ({ message }, { message_id }) => expect(message).toMatchObject({ id: message_id, content: 'to be read' }),
      refused: {
        UNKNOWN_MESSAGE: noMessage,
        INVALID_WEBHOOK_TOKEN: wrongToken,
        INVALID_PAYLOAD: async () => ({ ...(await noMessage()), webhook_token: '..' }),
      },
    },
    edit_webhook_message: {
      payload: async () => ({ ...(await spoken('cold')), content: 'hot' }),
      done: ({ message }, { message_id }) => {
        expect(message).toMatchObject({ id: message_id, content: 'hot' })
        expect(inChannel().find(({ id }) => id === message_id)?.content).toBe('hot')
      },
      refused: {
        UNKNOWN_MESSAGE: async () => ({ ...(await noMessage()), content: 'x' }),
        INVALID_WEBHOOK_TOKEN: async () => ({ ...(await wrongToken()), content: 'x' }),
        INVALID_PAYLOAD: noMessage,
      },
    },
    delete_webhook_message: {
      payload: () => spoken('gone soon'),
      done: (_data, { message_id }) => expect(inChannel().some(({ id }) => id === message_id)).toBe(false),
      refused: {
        UNKNOWN_MESSAGE: noMessage,
        INVALID_WEBHOOK_TOKEN: wrongToken,
        INVALID_PAYLOAD: async () => await writer(),
      },
    },
  }
}
