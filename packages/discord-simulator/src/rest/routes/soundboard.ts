import { PermissionFlagsBits as Bit } from 'discord-api-types/v10'
import type { APISoundboardSound } from 'discord-api-types/v10'
import { z } from 'zod'
import type { Guild } from '../../world/types.ts'
import { channelOf, guildOf, guildWith, need } from '../access.ts'
import { refusal } from '../errors.ts'
import { blame, maybe, readForm, snowflake, text } from '../form.ts'
import { isDataOf } from '../images.ts'
import { none, ok, param } from '../route.ts'
import type { RestContext, RestRequest, Route } from '../route.ts'

/** What a guild without boosts has room for: https://docs.discord.com/developers/resources/guild#guild-object-premium-tier */
const MOST = 8

const volume = z.number().min(0).max(1).nullish()
const changes = {
  volume,
  emoji_id: snowflake.nullish(),
  emoji_name: text(100).nullish(),
}
const soundBody = z.looseObject({
  name: text(32, 2),
  sound: z
    .string()
    .refine(
      (data) => isDataOf(/^data:audio\/(mpeg|mp3|ogg)[^,]*;base64,$/, data),
      blame('SOUND_INVALID', 'Invalid sound data'),
    ),
  ...changes,
})
const changeBody = z.looseObject({ name: maybe(text(32, 2)), ...changes })

/** Those of Discord's own that everybody has: https://docs.discord.com/developers/resources/soundboard#list-default-soundboard-sounds */
const DEFAULTS = ['quack', 'airhorn', 'cricket', 'golf clap', 'sad horn', 'ba dum tss'].map((name, index) => ({
  name,
  sound_id: String(index + 1),
  volume: 1,
  emoji_id: null,
  emoji_name: ['🦆', '🔊', '🦗', '👏', '🎺', '🥁'][index] ?? null,
  available: true,
}))

function soundOf(guild: Guild, id: string): APISoundboardSound {
  const sound = guild.soundboard_sounds.find(({ sound_id }) => sound_id === id)
  if (!sound) throw refusal.unknownSound()
  return sound
}

/** Whoever made one may change it, as may who manages all. */
function ownSound({ world }: RestContext, request: RestRequest) {
  const guild = guildOf(world, param(request, 'guild_id'))
  const has = world.guildPermissions(guild, world.bot.id)
  const sound = soundOf(guild, param(request, 'sound_id'))
  const isOwn = sound.user?.id === world.bot.id && (has & Bit.CreateGuildExpressions) !== 0n
  if (!isOwn) need(has, Bit.ManageGuildExpressions)
  return { guild, sound }
}

/** https://docs.discord.com/developers/resources/soundboard#create-guild-soundboard-sound */
function create({ world, emit }: RestContext, request: RestRequest) {
  const guild = guildWith(world, param(request, 'guild_id'), Bit.CreateGuildExpressions)
  const body = readForm(soundBody, request.body ?? {})
  if (guild.soundboard_sounds.length >= MOST) throw refusal.tooManySounds()
  const sound = {
    name: body.name,
    sound_id: world.nextId(),
    volume: body.volume ?? 1,
    emoji_id: body.emoji_id ?? null,
    emoji_name: body.emoji_name ?? null,
    guild_id: guild.id,
    available: true,
    user: world.bot,
  }
  emit({ event: 'GUILD_SOUNDBOARD_SOUND_CREATE', payload: sound })
  return { status: 201, body: sound }
}

const sendBody = z.looseObject({ sound_id: snowflake, source_guild_id: snowflake.nullish() })

/** https://docs.discord.com/developers/resources/soundboard#send-soundboard-sound */
function send({ world, emit }: RestContext, request: RestRequest) {
  const { guild, channel, bits } = channelOf(world, param(request, 'channel_id'))
  need(bits, Bit.Speak, Bit.UseSoundboard)
  const { sound_id, source_guild_id } = readForm(sendBody, request.body ?? {})
  const state = guild.voice_states.find(({ user_id }) => user_id === world.bot.id)
  if (
    state?.channel_id !== channel.id ||
    state.deaf ||
    state.mute ||
    state.self_deaf ||
    state.self_mute ||
    state.suppress
  )
    throw refusal.notInVoice()
  const home = source_guild_id ? guildOf(world, source_guild_id) : guild
  const sound = DEFAULTS.find((one) => one.sound_id === sound_id) ?? soundOf(home, sound_id)
  if (home !== guild) need(bits, Bit.UseExternalSounds)
  const emoji =
    sound.emoji_name === null && sound.emoji_id === null ? null : { id: sound.emoji_id, name: sound.emoji_name }
  const place = { channel_id: channel.id, guild_id: guild.id, user_id: world.bot.id }
  const effect = { emoji, animation_type: 1, animation_id: 0, sound_id, sound_volume: sound.volume }
  emit({ event: 'VOICE_CHANNEL_EFFECT_SEND', payload: { ...place, ...effect } })
  return none()
}

const path = '/guilds/:guild_id/soundboard-sounds'

/** https://docs.discord.com/developers/resources/soundboard */
export const soundboardRoutes: readonly Route[] = [
  { method: 'GET', path: '/soundboard-default-sounds', handle: () => ok(DEFAULTS) },
  { method: 'POST', path: '/channels/:channel_id/send-soundboard-sound', handle: send },
  {
    method: 'GET',
    path,
    handle: ({ world }, request) => ok({ items: guildOf(world, param(request, 'guild_id')).soundboard_sounds }),
  },
  { method: 'POST', path, handle: create },
  {
    method: 'GET',
    path: `${path}/:sound_id`,
    handle: ({ world }, request) => ok(soundOf(guildOf(world, param(request, 'guild_id')), param(request, 'sound_id'))),
  },
  {
    method: 'PATCH',
    path: `${path}/:sound_id`,
    handle: (context, request) => {
      const { sound } = ownSound(context, request)
      const { name, volume: loud, emoji_id, emoji_name } = readForm(changeBody, request.body ?? {})
      const next = {
        ...sound,
        ...(name !== undefined && { name }),
        ...(loud !== undefined && { volume: loud ?? 1 }),
        ...(emoji_id !== undefined && { emoji_id }),
        ...(emoji_name !== undefined && { emoji_name }),
      }
      context.emit({ event: 'GUILD_SOUNDBOARD_SOUND_UPDATE', payload: next })
      return ok(next)
    },
  },
  {
    method: 'DELETE',
    path: `${path}/:sound_id`,
    handle: (context, request) => {
      const { guild, sound } = ownSound(context, request)
      const payload = { sound_id: sound.sound_id, guild_id: guild.id }
      context.emit({ event: 'GUILD_SOUNDBOARD_SOUND_DELETE', payload })
      return none()
    },
  },
]
