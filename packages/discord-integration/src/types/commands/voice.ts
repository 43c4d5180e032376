import { z } from 'zod'
import { SnowflakeSchema } from '../snowflake.ts'
import type { CommandDefinition } from './definition.ts'
import { RawSchema, ReasonSchema, success } from './fields.ts'

export const voice = {
  move_member: {
    method: 'voice.move',
    summary: 'Move a member to another voice channel; with `null`, out of voice.',
    repeatable: 'idempotent',
    guild: 'guild_id',
    permissions: ['MoveMembers'],
    errors: ['TARGET_USER_IS_NOT_CONNECTED_TO_VOICE', 'UNKNOWN_USER'],
    example: { guild_id: '197038439483310086', user_id: '80351110224678912', channel_id: '127121515262115840' },
    rest: { route: 'PATCH /guilds/{guild_id}/members/{user_id}', answer: 'member' },
    payload: z.strictObject({
      guild_id: SnowflakeSchema,
      user_id: SnowflakeSchema,
      channel_id: SnowflakeSchema.nullable(),
      reason: ReasonSchema.optional(),
    }),
    result: z.object({ success, member: RawSchema }),
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
    result: z.object({ success, member: RawSchema }),
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
    result: z.object({ success, member: RawSchema }),
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
    /** As VOICE_STATE_UPDATE brought it. */
    result: z.object({ success, voice_state: RawSchema }),
  },
} as const satisfies Record<string, CommandDefinition>
