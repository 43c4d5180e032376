import { z } from 'zod'
import { SnowflakeSchema } from '../snowflake.ts'
import { textSchema } from '../text.ts'
import type { CommandDefinition } from './definition.ts'
import { MemberObjectSchema, OwnVoiceStateObjectSchema, VoiceStateObjectSchema } from './discord-objects.ts'
import { ok, ReasonSchema, success, TimeSchema } from './fields.ts'

export const voice = {
  move_member: {
    method: 'voice.move',
    summary: 'Move a member to another voice channel; with `null`, out of voice.',
    repeatable: 'idempotent',
    guild: 'guild_id',
    permissions: ['MoveMembers', 'Connect'],
    errors: ['TARGET_USER_IS_NOT_CONNECTED_TO_VOICE', 'UNKNOWN_USER'],
    example: { guild_id: '197038439483310086', user_id: '80351110224678912', channel_id: '127121515262115840' },
    rest: { route: 'PATCH /guilds/{guild_id}/members/{user_id}', answer: 'member' },
    payload: z.strictObject({
      guild_id: SnowflakeSchema,
      user_id: SnowflakeSchema,
      channel_id: SnowflakeSchema.nullable(),
      reason: ReasonSchema.optional(),
    }),
    result: z.object({ success, member: MemberObjectSchema }),
  },
  disconnect_member: {
    method: 'voice.disconnect',
    summary: 'Put a member out of voice.',
    repeatable: 'idempotent',
    guild: 'guild_id',
    permissions: ['MoveMembers'],
    errors: ['TARGET_USER_IS_NOT_CONNECTED_TO_VOICE', 'UNKNOWN_USER'],
    example: { guild_id: '197038439483310086', user_id: '80351110224678912' },
    rest: {
      route: 'PATCH /guilds/{guild_id}/members/{user_id}',
      fixed: { channel_id: null },
      done: 'TARGET_USER_IS_NOT_CONNECTED_TO_VOICE',
    },
    payload: z.strictObject({
      guild_id: SnowflakeSchema,
      user_id: SnowflakeSchema,
      reason: ReasonSchema.optional(),
    }),
    result: ok,
  },
  mute_member: {
    method: 'voice.mute',
    summary: 'Mute a member in voice for everybody, or let them speak again.',
    repeatable: 'idempotent',
    guild: 'guild_id',
    permissions: ['MuteMembers'],
    errors: ['TARGET_USER_IS_NOT_CONNECTED_TO_VOICE', 'UNKNOWN_USER'],
    example: { guild_id: '197038439483310086', user_id: '80351110224678912', mute: true },
    rest: { route: 'PATCH /guilds/{guild_id}/members/{user_id}', answer: 'member' },
    payload: z.strictObject({
      guild_id: SnowflakeSchema,
      user_id: SnowflakeSchema,
      mute: z.boolean(),
      reason: ReasonSchema.optional(),
    }),
    result: z.object({ success, member: MemberObjectSchema }),
  },
  deafen_member: {
    method: 'voice.deafen',
    summary: 'Have a member hear nobody in voice, or hear again.',
    repeatable: 'idempotent',
    guild: 'guild_id',
    permissions: ['DeafenMembers'],
    errors: ['TARGET_USER_IS_NOT_CONNECTED_TO_VOICE'],
    example: { guild_id: '197038439483310086', user_id: '80351110224678912', deaf: true },
    rest: { route: 'PATCH /guilds/{guild_id}/members/{user_id}', answer: 'member' },
    payload: z.strictObject({
      guild_id: SnowflakeSchema,
      user_id: SnowflakeSchema,
      deaf: z.boolean(),
      reason: ReasonSchema.optional(),
    }),
    result: z.object({ success, member: MemberObjectSchema }),
  },
  get_voice_state: {
    method: 'voice.get',
    summary: 'Read where in voice somebody is: who is in none is `UNKNOWN_VOICE_STATE`.',
    repeatable: 'read',
    guild: 'guild_id',
    errors: ['UNKNOWN_VOICE_STATE'],
    example: { guild_id: '197038439483310086', user_id: '80351110224678912' },
    rest: { route: 'GET /guilds/{guild_id}/voice-states/{user_id}', answer: 'voice_state' },
    payload: z.strictObject({ guild_id: SnowflakeSchema, user_id: SnowflakeSchema }),
    result: z.object({ success, voice_state: VoiceStateObjectSchema }),
  },
  edit_voice_state: {
    method: 'voice.edit',
    summary: 'Let somebody on a stage speak, or put them among the audience.',
    repeatable: 'idempotent',
    guild: 'guild_id',
    permissions: ['MuteMembers'],
    errors: ['UNKNOWN_VOICE_STATE', 'CANNOT_EXECUTE_ACTION_ON_THIS_CHANNEL_TYPE'],
    example: { guild_id: '197038439483310086', user_id: '80351110224678912', suppress: false },
    rest: { route: 'PATCH /guilds/{guild_id}/voice-states/{user_id}' },
    payload: z.strictObject({
      guild_id: SnowflakeSchema,
      user_id: SnowflakeSchema,
      /** The stage that they are in. */
      channel_id: SnowflakeSchema.optional(),
      suppress: z.boolean().optional(),
    }),
    result: ok,
  },
  edit_own_voice_state: {
    method: 'voice.editOwn',
    summary: 'Have the bot itself speak on a stage, leave it for the audience, or ask to speak.',
    repeatable: 'idempotent',
    guild: 'guild_id',
    permissionsIf: {
      'with `suppress: false`': ['MuteMembers'],
      'with `request_to_speak_timestamp`': ['RequestToSpeak'],
    },
    errors: ['UNKNOWN_VOICE_STATE', 'CANNOT_EXECUTE_ACTION_ON_THIS_CHANNEL_TYPE'],
    example: { guild_id: '197038439483310086', suppress: false },
    rest: { route: 'PATCH /guilds/{guild_id}/voice-states/@me' },
    payload: z.strictObject({
      guild_id: SnowflakeSchema,
      /** The stage that the bot is in. */
      channel_id: SnowflakeSchema.optional(),
      suppress: z.boolean().optional(),
      /** Since when it asks, now or later; null for no longer. */
      request_to_speak_timestamp: TimeSchema.nullable().optional(),
    }),
    result: ok,
  },
  set_voice_channel_status: {
    method: 'voice.setStatus',
    summary: 'Say what a voice channel is about just now; with `null`, nothing.',
    repeatable: 'idempotent',
    guild: 'channel_id',
    permissions: ['SetVoiceChannelStatus'],
    permissionsIf: { 'of a channel that it is not in': ['ManageChannels'] },
    errors: ['CANNOT_EXECUTE_ACTION_ON_THIS_CHANNEL_TYPE', 'UNKNOWN_CHANNEL'],
    example: { channel_id: '127121515262115840', status: 'Glazing together' },
    rest: { route: 'PUT /channels/{channel_id}/voice-status' },
    payload: z.strictObject({
      channel_id: SnowflakeSchema,
      status: textSchema(1, 500).nullable(),
      reason: ReasonSchema.optional(),
    }),
    result: ok,
  },
  update_voice_state: {
    method: 'voice.update',
    summary: 'Have the bot itself join, move or leave voice.',
    repeatable: 'idempotent',
    guild: 'guild_id',
    permissions: ['Connect'],
    errors: ['UNKNOWN_GUILD', 'UNKNOWN_CHANNEL', 'CANNOT_EXECUTE_ACTION_ON_THIS_CHANNEL_TYPE', 'MISSING_PERMISSIONS'],
    example: { guild_id: '197038439483310086', channel_id: '127121515262115840', self_deaf: true },
    payload: z.strictObject({
      guild_id: SnowflakeSchema,
      /** Null to leave. */
      channel_id: SnowflakeSchema.nullable(),
      self_mute: z.boolean().default(false),
      self_deaf: z.boolean().default(false),
    }),
    /** As VOICE_STATE_UPDATE brought it; of a bot that was in no voice already, no more than that. */
    result: z.object({ success, voice_state: OwnVoiceStateObjectSchema }),
  },
} as const satisfies Record<string, CommandDefinition>
