import { PermissionFlagsBits } from 'discord-api-types/v10'
import { z } from 'zod'
import { typingEvent } from '../../world/compose.ts'
import { shownMessage } from '../../world/content.ts'
import { sendBit } from '../../world/permissions.ts'
import { shownThread } from '../../world/threads.ts'
import { channelOf, messagesOf, need } from '../access.ts'
import { createMessage } from '../create-message.ts'
import { refusal } from '../errors.ts'
import { blame, integer, readForm, snowflake } from '../form.ts'
import { ok, param } from '../route.ts'
import type { Route } from '../route.ts'

const messagesQuery = z
  .object({
    limit: integer(1, 100).default(50),
    before: snowflake.optional(),
    after: snowflake.optional(),
    around: snowflake.optional(),
  })
  .refine(
    ({ before, after, around }) => [before, after, around].filter((id) => id !== undefined).length <= 1,
    blame('MUTUALLY_EXCLUSIVE', 'Only one of before, after and around may be given.'),
  )

/** https://docs.discord.com/developers/resources/channel and /message */
export const channelRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/channels/:channel_id',
    handle: ({ world }, request) => {
      const id = param(request, 'channel_id')
      const { channel } = world.direct(id) ?? channelOf(world, id)
      return ok('thread_metadata' in channel ? shownThread(world, channel) : channel)
    },
  },
  {
    method: 'GET',
    path: '/channels/:channel_id/messages',
    handle: ({ world }, request) => {
      const { channel, bits } = messagesOf(world, param(request, 'channel_id'))
      const window = readForm(messagesQuery, Object.fromEntries(request.query))
      // Without READ_MESSAGE_HISTORY the list is not refused, but empty.
      const listed = bits & PermissionFlagsBits.ReadMessageHistory ? world.messages.list(channel.id, window) : []
      return ok(listed.map((message) => shownMessage(world, message)))
    },
  },
  {
    method: 'GET',
    path: '/channels/:channel_id/messages/:message_id',
    handle: ({ world }, request) => {
      const { channel, bits } = messagesOf(world, param(request, 'channel_id'))
      if (!(bits & PermissionFlagsBits.ReadMessageHistory)) throw refusal.missingPermissions()
      const message = world.messages.get(channel.id, param(request, 'message_id'))
      if (!message) throw refusal.unknownMessage()
      return ok(shownMessage(world, message))
    },
  },
  { method: 'POST', path: '/channels/:channel_id/messages', handle: createMessage },
  {
    method: 'POST',
    path: '/channels/:channel_id/typing',
    handle: ({ world, emit }, request) => {
      const located = messagesOf(world, param(request, 'channel_id'))
      need(located.bits, sendBit(located.channel))
      emit({ event: 'TYPING_START', payload: typingEvent(world, located, world.bot.id) })
      return { status: 204 }
    },
  },
]
