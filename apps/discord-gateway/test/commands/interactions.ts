import { expect } from 'vitest'
import { nobody, type Scene, type TopicCases } from './scene.ts'

const OPTION = { type: 3, name: 'which', description: 'Which one' }
const KILN = { name: 'kiln', description: 'Look at a kiln', options: [{ ...OPTION, autocomplete: true }] }
const BUTTON = { type: 1, components: [{ type: 2, style: 1, label: 'Light', custom_id: 'light' }] }

export function interactionsCases(scene: Scene): TopicCases<'interactions'> {
  const { simulator, guild, botId, rest, ask, channel, member } = scene
  const by = () => ({ user_id: member('brackish'), channel_id: channel('build-log') })
  const secrets = ({ id, token }: { id: string; token: string }) => ({ interaction_id: id, interaction_token: token })
  const commandsPath = `/applications/${botId}/guilds/${guild.id}/commands`
  /** Only where other cases have left none: Discord lets a bot say so a few times in a while. */
  const registered = async () => {
    const all = (await rest('GET', commandsPath)) as { name: string }[]
    if (!all.some(({ name }) => name === KILN.name)) await rest('POST', commandsPath, KILN)
  }
  /** Somebody has run a command. */
  const invoked = async () => {
    await registered()
    return secrets(simulator.interact({ ...by(), command: 'kiln' }))
  }
  /** Somebody is typing an option of one. */
  const typing = async () => {
    await registered()
    const options = [{ name: 'which', value: 'ol', focused: true }]
    return secrets(simulator.interact({ ...by(), autocomplete: 'kiln', options }))
  }
  /** Somebody has pressed a button. */
  const pressed = async () => {
    const { channel_id } = by()
    const { id } = await rest('POST', `/channels/${channel_id}/messages`, { content: 'cold', components: [BUTTON] })
    return secrets(simulator.interact({ ...by(), message_id: String(id), custom_id: 'light' }))
  }
  const answered = async (content: string) => {
    const { interaction_id, interaction_token } = await invoked()
    await ask('reply_to_interaction', { interaction_id, interaction_token, content })
    return { interaction_id, interaction_token }
  }
  /** By its token alone, as what follows the first answer is named. */
  const replied = async (content: string) => ({ interaction_token: (await answered(content)).interaction_token })
  const followed = async (content: string) => {
    const { interaction_token } = await replied('first')
    const { message } = await ask('follow_up', { interaction_token, content })
    return { interaction_token, message_id: String(message.id) }
  }
  const seen = (id: string) => simulator.interaction(id)
  const unknown = { interaction_id: nobody, interaction_token: 'a-token' }
  const refusedFirst = (more: object, interaction: () => Promise<object> = () => answered('first')) => ({
    UNKNOWN_INTERACTION: () => ({ ...unknown, ...more }),
    INTERACTION_HAS_ALREADY_BEEN_ACKNOWLEDGED: async () => ({ ...(await interaction()), ...more }),
  })
  const refusedLater = (more: object) => ({
    UNKNOWN_MESSAGE: async () => {
      const { interaction_token, message_id } = await followed('second')
      await ask('delete_follow_up', { interaction_token, message_id })
      return { interaction_token, message_id, ...more }
    },
    INVALID_WEBHOOK_TOKEN: () => ({ interaction_token: 'wrong', message_id: nobody, ...more }),
  })
  /** The same of the first answer. */
  const refusedReply = (more: object) => ({
    UNKNOWN_MESSAGE: async () => {
      const token = await replied('first')
      await ask('delete_interaction_reply', token)
      return { ...token, ...more }
    },
    INVALID_WEBHOOK_TOKEN: () => ({ interaction_token: 'wrong', ...more }),
  })
  const read = async ({ interaction_token, message_id = '@original' }: Record<string, unknown>) =>
    await rest('GET', `/webhooks/${botId}/${String(interaction_token)}/messages/${String(message_id)}`)

  return {
    reply_to_interaction: {
      payload: async () => ({ ...(await invoked()), content: 'It is lit', flags: 64, with_response: true }),
      done: ({ response }, { interaction_id }) => {
        // Whoever hears only that it was answered before hears no more of that.
        const told = { interaction: { id: interaction_id }, resource: { type: 4 } }
        if (response !== undefined) expect(response).toMatchObject(told)
        const shown = { answer: 4, messages: [{ content: 'It is lit', flags: 64 }] }
        expect(seen(interaction_id)).toMatchObject(shown)
      },
      refused: { ...refusedFirst({ content: 'x' }), INVALID_PAYLOAD: () => unknown },
    },
    defer_interaction: {
      payload: async () => ({ ...(await invoked()), flags: 64 }),
      done: (data, { interaction_id }) => {
        // Discord was not asked to say more.
        expect(data).toEqual({ success: true })
        expect(seen(interaction_id)).toMatchObject({ answer: 5, messages: [{ flags: 64 | 128 }] })
      },
      refused: { ...refusedFirst({}), INVALID_PAYLOAD: () => ({ ...unknown, content: 'x' }) },
    },
    update_interaction_message: {
      payload: async () => ({ ...(await pressed()), content: 'hot', components: [] }),
      done: (_data, { interaction_id }) =>
        expect(seen(interaction_id)).toMatchObject({ answer: 7, messages: [{ content: 'hot', components: [] }] }),
      refused: { ...refusedFirst({ content: 'x' }), INVALID_PAYLOAD: () => unknown },
    },
    defer_interaction_update: {
      payload: pressed,
      done: (_data, { interaction_id }) => expect(seen(interaction_id)).toMatchObject({ answer: 6 }),
      refused: { ...refusedFirst({}), INVALID_PAYLOAD: () => ({ ...unknown, interaction_token: 'a/b' }) },
    },
    autocomplete_interaction: {
      payload: async () => ({ ...(await typing()), choices: [{ name: 'The old kiln', value: 'old' }] }),
      done: (_data, { interaction_id, choices }) => expect(seen(interaction_id)).toMatchObject({ answer: 8, choices }),
      refused: {
        ...refusedFirst({ choices: [] }),
        INVALID_PAYLOAD: () => ({ ...unknown, choices: [{ name: 'The old kiln' }] }),
      },
    },
    show_modal: {
      payload: async () => ({
        ...(await invoked()),
        custom_id: 'firing',
        title: 'Your firing',
        components: [{ type: 18, label: 'Notes', component: { type: 4, custom_id: 'notes', style: 2 } }],
      }),
      done: (_data, { interaction_id }) =>
        expect(seen(interaction_id)).toMatchObject({ answer: 9, modal: { custom_id: 'firing', title: 'Your firing' } }),
      refused: {
        ...refusedFirst({ custom_id: 'x', title: 'x', components: [{ type: 10, content: 'x' }] }),
        INVALID_PAYLOAD: () => ({ ...unknown, custom_id: 'x', title: 'x', components: [] }),
      },
    },
    get_interaction_reply: {
      payload: () => replied('to be read'),
      done: ({ message }) => expect(message).toMatchObject({ content: 'to be read', author: { id: botId } }),
      refused: { ...refusedReply({}), INVALID_PAYLOAD: () => ({ interaction_token: '' }) },
    },
    edit_interaction_reply: {
      payload: async () => {
        const { interaction_id, interaction_token } = await invoked()
        await ask('defer_interaction', { interaction_id, interaction_token })
        return { application_id: botId, interaction_token, content: 'hot' }
      },
      done: async ({ message }, payload) => {
        expect(message).toMatchObject({ content: 'hot', flags: 0 })
        expect(await read(payload)).toMatchObject({ content: 'hot' })
      },
      refused: { ...refusedReply({ content: 'x' }), INVALID_PAYLOAD: () => ({ interaction_token: 'a-token' }) },
    },
    delete_interaction_reply: {
      payload: () => replied('gone soon'),
      done: async (_data, payload) => await expect(read(payload)).rejects.toThrow('404'),
      refused: { ...refusedReply({}), INVALID_PAYLOAD: () => ({}) },
    },
    follow_up: {
      payload: async () => ({ ...(await replied('first')), content: 'second', embeds: [{ title: 'More' }] }),
      done: async ({ message }, { interaction_token }) => {
        expect(message).toMatchObject({ content: 'second', embeds: [{ title: 'More' }] })
        expect(await read({ interaction_token, message_id: message.id })).toMatchObject({ content: 'second' })
      },
      refused: {
        // Nothing follows where nothing has been answered.
        UNKNOWN_WEBHOOK: async () => ({ interaction_token: (await invoked()).interaction_token, content: 'x' }),
        INVALID_WEBHOOK_TOKEN: () => ({ interaction_token: 'wrong', content: 'x' }),
        INVALID_PAYLOAD: () => ({ interaction_token: 'a-token', content: '' }),
      },
    },
    get_follow_up: {
      payload: () => followed('to be read'),
      done: ({ message }, { message_id }) => expect(message).toMatchObject({ id: message_id, content: 'to be read' }),
      refused: { ...refusedLater({}), INVALID_PAYLOAD: () => ({ interaction_token: 'a-token' }) },
    },
    edit_follow_up: {
      payload: async () => ({ ...(await followed('cold')), content: 'hot' }),
      done: async ({ message }, payload) => {
        expect(message).toMatchObject({ id: payload.message_id, content: 'hot' })
        expect(await read(payload)).toMatchObject({ content: 'hot' })
      },
      refused: {
        ...refusedLater({ content: 'x' }),
        INVALID_PAYLOAD: () => ({ interaction_token: 'a-token', message_id: nobody }),
      },
    },
    delete_follow_up: {
      payload: () => followed('gone soon'),
      done: async (_data, payload) => await expect(read(payload)).rejects.toThrow('404'),
      refused: { ...refusedLater({}), INVALID_PAYLOAD: () => ({ interaction_token: 'a-token' }) },
    },
  }
}
