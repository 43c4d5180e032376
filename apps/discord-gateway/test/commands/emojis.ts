import { expect } from 'vitest'
import { nobody, type Scene, type TopicCases } from './scene.ts'

/** One pixel. */
const image =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='

export function emojisCases({ simulator, guild, rest, role, member }: Scene): TopicCases<'emojis'> {
  const emojiOf = (emojiId: string) => guild.emojis.find(({ id }) => id === emojiId)
  const unknown = { guild_id: guild.id, emoji_id: nobody }
  const made = async () => {
    const { id } = await rest('POST', `/guilds/${guild.id}/emojis`, { name: 'kiln', image })
    return { guild_id: guild.id, emoji_id: String(id) }
  }
  const othersEmoji = () => {
    const emoji_id = simulator.world.nextId()
    const user = guild.members.find(({ user: { id } }) => id === member('brackish'))?.user
    const emoji = { id: emoji_id, name: 'loom', roles: [], require_colons: true, managed: false, animated: false, user }
    simulator.dispatch('GUILD_EMOJIS_UPDATE', { guild_id: guild.id, emojis: [...guild.emojis, emoji] })
    return { guild_id: guild.id, emoji_id }
  }
  return {
    list_emojis: {
      payload: async () => ({ guild_id: (await made()).guild_id }),
      done: ({ emojis }) => {
        expect(emojis).not.toEqual([])
        expect(emojis).toEqual(guild.emojis)
      },
      refused: { UNKNOWN_GUILD: () => ({ guild_id: nobody }), INVALID_PAYLOAD: () => ({}) },
    },
    get_emoji: {
      payload: made,
      done: ({ emoji }, { emoji_id }) => expect(emoji).toMatchObject({ id: emoji_id, name: 'kiln' }),
      refused: { UNKNOWN_EMOJI: () => unknown, INVALID_PAYLOAD: () => ({ guild_id: guild.id }) },
    },
    create_emoji: {
      payload: () => ({ guild_id: guild.id, name: 'glaze', image, roles: [role('Maker')], reason: 'a test' }),
      done: ({ emoji }, { name, roles }) => {
        expect(emoji).toMatchObject({ name, roles })
        expect(emojiOf(emoji.id)).toMatchObject({ name, roles })
      },
      refused: {
        INVALID_FORM_BODY_OR_CONTENT_TYPE: () => ({
          guild_id: guild.id,
          name: 'glaze',
          image: 'data:image/png;base64,a',
        }),
        UNKNOWN_GUILD: () => ({ guild_id: nobody, name: 'glaze', image }),
        INVALID_PAYLOAD: () => ({ guild_id: guild.id, name: 'a glaze', image }),
      },
    },
    edit_emoji: {
      payload: async () => ({ ...(await made()), name: 'kiln_on', reason: 'a test' }),
      done: ({ emoji }, { emoji_id, name }) => {
        expect(emoji).toMatchObject({ id: emoji_id, name })
        expect(emojiOf(emoji_id)).toMatchObject({ name })
      },
      needing: {
        'of one that it made': async () => ({ ...(await made()), name: 'kiln_on' }),
        'of one that it did not make': () => ({ ...othersEmoji(), name: 'loom_on' }),
      },
      refused: {
        UNKNOWN_EMOJI: () => ({ ...unknown, name: 'kiln_on' }),
        INVALID_PAYLOAD: () => ({ ...unknown, name: 'x' }),
      },
    },
    delete_emoji: {
      payload: async () => ({ ...(await made()), reason: 'a test' }),
      done: (_data, { emoji_id }) => expect(emojiOf(emoji_id)).toBeUndefined(),
      needing: { 'of one that it made': made, 'of one that it did not make': othersEmoji },
      refused: { UNKNOWN_EMOJI: () => unknown, INVALID_PAYLOAD: () => ({ guild_id: guild.id }) },
    },
  }
}
