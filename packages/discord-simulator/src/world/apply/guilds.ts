import { z } from 'zod'
import { guild as guildShape, guildLists } from '../guild-shape.ts'
import { emoji, fitting, sticker, withId } from '../shapes.ts'
import type { Guild } from '../types.ts'
import { inGuild, on, onGuild } from './handler.ts'
import type { Handlers } from './handler.ts'

const guildCreate = on(guildShape, (world, payload) => {
  const lists = guildLists(payload, 'all')
  world.putGuild({
    name: 'new guild',
    features: [],
    member_count: lists['members']?.length,
    ...payload,
    ...lists,
  } as unknown as Guild)
})

const guildUpdate = on(guildShape, (world, payload) => {
  const guild = world.guild(payload.id)
  if (guild) Object.assign(guild, payload, guildLists(payload, 'given'))
})

const guildDelete = on(withId, (world, payload) => {
  const guild = world.guild(payload.id)
  // "Unavailable" is an outage: the guild is still there, only Discord does not show it.
  if (guild && payload['unavailable'] === true) guild.unavailable = true
  else world.removeGuild(payload.id)
})

/** https://docs.discord.com/developers/events/gateway-events#guilds */
export const guildHandlers: Handlers = {
  GUILD_CREATE: guildCreate,
  GUILD_UPDATE: guildUpdate,
  GUILD_DELETE: guildDelete,
  GUILD_EMOJIS_UPDATE: onGuild(inGuild.extend({ emojis: z.array(z.unknown()) }), (guild, { emojis }) => {
    guild.emojis = fitting(emoji, emojis) as unknown as Guild['emojis']
  }),
  GUILD_STICKERS_UPDATE: onGuild(inGuild.extend({ stickers: z.array(z.unknown()) }), (guild, { stickers }) => {
    guild.stickers = fitting(sticker, stickers) as unknown as Guild['stickers']
  }),
}
