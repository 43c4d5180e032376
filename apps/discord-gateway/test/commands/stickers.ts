import { expect } from 'vitest'
import { nobody, type Scene, type TopicCases } from './scene.ts'

/** As many as a server without boosts has room for. */
const ROOM = 5

export function stickersCases({ simulator, guild, rest, ask, member, uploaded }: Scene): TopicCases<'stickers'> {
  const path = `/guilds/${guild.id}/stickers`
  const stickerOf = (stickerId: string) => guild.stickers.find(({ id }) => id === stickerId)
  const unknown = { guild_id: guild.id, sticker_id: nobody }
  const bytes = (begin: string) => Buffer.from(begin, 'latin1')
  const said = async (begin = '\x89PNG\r\n\x1a\n') => ({
    guild_id: guild.id,
    name: 'kiln',
    description: 'It is "on"',
    tags: 'fire',
    file: { upload: await uploaded(bytes(begin)) },
  })
  const makeRoom = () => Promise.all(guild.stickers.map(({ id }) => rest('DELETE', `${path}/${id}`)))
  const made = async () => {
    await makeRoom()
    const { sticker } = await ask('create_sticker', await said())
    return { guild_id: guild.id, sticker_id: String(sticker['id']) }
  }
  const othersSticker = async () => {
    const { sticker_id } = await made()
    const user = guild.members.find(({ user: { id } }) => id === member('brackish'))?.user
    simulator.dispatch('GUILD_STICKERS_UPDATE', { guild_id: guild.id, stickers: [{ ...stickerOf(sticker_id), user }] })
    return { guild_id: guild.id, sticker_id }
  }
  return {
    list_stickers: {
      payload: async () => ({ guild_id: (await made()).guild_id }),
      done: ({ stickers }) => {
        expect(stickers).not.toEqual([])
        expect(stickers).toEqual(guild.stickers)
      },
      refused: { UNKNOWN_GUILD: () => ({ guild_id: nobody }), INVALID_PAYLOAD: () => ({}) },
    },
    get_sticker: {
      payload: made,
      done: ({ sticker }, { sticker_id }) => expect(sticker).toMatchObject({ id: sticker_id, name: 'kiln' }),
      refused: { UNKNOWN_STICKER: () => unknown, INVALID_PAYLOAD: () => ({ guild_id: guild.id }) },
    },
    create_sticker: {
      payload: async () => {
        await makeRoom()
        return { ...(await said('{"v":"5.5.7"}')), reason: 'a test' }
      },
      done: ({ sticker }, { name, description, tags }) => {
        expect(sticker).toMatchObject({ name, description, tags, format_type: 3 })
        expect(stickerOf(sticker.id)).toEqual(sticker)
      },
      refused: {
        INVALID_FILE_UPLOADED: () => said('<svg/>'),
        MAXIMUM_NUMBER_OF_STICKERS_REACHED: async () => {
          const payload = await said()
          while (guild.stickers.length < ROOM) await ask('create_sticker', payload)
          return payload
        },
        UNKNOWN_GUILD: async () => ({ ...(await said()), guild_id: nobody }),
        INVALID_PAYLOAD: async () => ({ ...(await said()), description: 'x' }),
      },
    },
    edit_sticker: {
      payload: async () => ({
        ...(await made()),
        name: 'oven',
        description: null,
        tags: 'fire, kiln',
        reason: 'a test',
      }),
      done: ({ sticker }, { sticker_id, name, description, tags }) => {
        expect(sticker).toMatchObject({ id: sticker_id, name, description, tags })
        expect(stickerOf(sticker_id)).toMatchObject({ name, description, tags })
      },
      needing: {
        'of one that it made': async () => ({ ...(await made()), name: 'oven' }),
        'of one that it did not make': async () => ({ ...(await othersSticker()), name: 'oven' }),
      },
      refused: {
        UNKNOWN_STICKER: () => ({ ...unknown, name: 'oven' }),
        INVALID_PAYLOAD: () => ({ ...unknown, name: 'x' }),
      },
    },
    delete_sticker: {
      payload: async () => ({ ...(await made()), reason: 'a test' }),
      done: (_data, { sticker_id }) => expect(stickerOf(sticker_id)).toBeUndefined(),
      needing: { 'of one that it made': made, 'of one that it did not make': othersSticker },
      refused: { UNKNOWN_STICKER: () => unknown, INVALID_PAYLOAD: () => ({ guild_id: guild.id }) },
    },
  }
}
