import { z } from 'zod'
import { SnowflakeSchema } from '../snowflake.ts'
import type { CommandDefinition } from './definition.ts'
import { RawSchema, success } from './fields.ts'

export const threads = {
  get_thread_member: {
    method: 'threads.getMember',
    summary: 'Read whether somebody is in a thread: who is not is `UNKNOWN_MEMBER`.',
    repeatable: 'read',
    guild: 'channel_id',
    errors: ['UNKNOWN_CHANNEL'],
    example: { channel_id: '81384788765712384', user_id: '80351110224678912' },
    rest: { route: 'GET /channels/{channel_id}/thread-members/{user_id}', answer: 'member' },
    payload: z.strictObject({ channel_id: SnowflakeSchema, user_id: SnowflakeSchema }),
    result: z.object({ success, member: RawSchema }),
  },
} as const satisfies Record<string, CommandDefinition>
