import { z } from 'zod'
import { refusal } from '../errors.ts'
import { readForm, snowflake } from '../form.ts'
import { ok } from '../route.ts'
import type { Route } from '../route.ts'

const recipientBody = z.looseObject({ recipient_id: snowflake })

/** https://docs.discord.com/developers/resources/user#create-dm */
export const directRoutes: readonly Route[] = [
  {
    method: 'POST',
    path: '/users/@me/channels',
    handle: ({ world }, request) => {
      const { recipient_id } = readForm(recipientBody, request.body ?? {})
      const recipient = world.user(recipient_id)
      if (!recipient || recipient.id === world.bot.id) throw refusal.invalidRecipient()
      return ok(world.directWith(recipient).channel)
    },
  },
]
