import { z } from 'zod'
import { channel as channelShape, id, newChannel } from '../shapes.ts'
import { inGuildWithId, on, onGuild, remove, upsert } from './handler.ts'
import type { Handlers } from './handler.ts'

const channelPut = onGuild(channelShape.extend({ guild_id: id }), (guild, payload, world) => {
  const isKnown = guild.channels.some((channel) => channel.id === payload.id)
  upsert(guild.channels, isKnown ? payload : newChannel(payload), (channel) => channel.id === payload.id)
  world.indexChannels(guild)
})

const channelDelete = onGuild(inGuildWithId, (guild, payload, world) => {
  remove(guild.channels, (channel) => channel.id === payload.id)
  guild.threads = guild.threads.filter((thread) => thread.parent_id !== payload.id)
  guild.voice_states = guild.voice_states.filter((state) => state.channel_id !== payload.id)
  world.messages.deleteChannel(payload.id)
})

const pinsUpdate = on(
  z.looseObject({ channel_id: id, last_pin_timestamp: z.string().nullish() }),
  (world, { channel_id, last_pin_timestamp }) => {
    const channel = world.place(channel_id)?.channel
    if (channel) Object.assign(channel, { last_pin_timestamp: last_pin_timestamp ?? null })
  },
)

/** https://docs.discord.com/developers/events/gateway-events#channels */
export const channelHandlers: Handlers = {
  CHANNEL_CREATE: channelPut,
  CHANNEL_UPDATE: channelPut,
  CHANNEL_DELETE: channelDelete,
  CHANNEL_PINS_UPDATE: pinsUpdate,
}
