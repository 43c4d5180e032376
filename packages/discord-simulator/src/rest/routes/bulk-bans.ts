import { PermissionFlagsBits as Bit } from 'discord-api-types/v10'
import { z } from 'zod'
import type { Guild } from '../../world/types.ts'
import type { World } from '../../world/world.ts'
import { guildWith, rankOf } from '../access.ts'
import { refusal } from '../errors.ts'
import { maybe, readForm, snowflake } from '../form.ts'
import { ok, param } from '../route.ts'
import type { Route } from '../route.ts'
import { LONGEST_FORGOTTEN_S, ban } from './bans.ts'

const bulkBody = z.looseObject({
  user_ids: z.array(snowflake).max(200),
  delete_message_seconds: maybe(z.int().min(0).max(LONGEST_FORGOTTEN_S)),
})

/** Nobody is banned twice, nor is who stands as high as the bot, nor the bot itself. */
const canBan = (world: World, guild: Guild, userId: string): boolean =>
  userId !== world.bot.id &&
  !world.bans.get(guild.id)?.has(userId) &&
  rankOf(guild, userId) < rankOf(guild, world.bot.id)

/** https://docs.discord.com/developers/resources/guild#bulk-guild-ban */
export const bulkBanRoutes: readonly Route[] = [
  {
    method: 'POST',
    path: '/guilds/:guild_id/bulk-ban',
    handle: (context, request) => {
      const { world } = context
      const guild = guildWith(world, param(request, 'guild_id'), Bit.BanMembers, Bit.ManageGuild)
      const { user_ids, delete_message_seconds = 0 } = readForm(bulkBody, request.body ?? {})
      const banned_users: string[] = []
      const failed_users: string[] = []
      for (const id of new Set(user_ids)) {
        const user = world.user(id)
        if (user && canBan(world, guild, id)) {
          ban(context, guild, user, delete_message_seconds, request.reason)
          banned_users.push(id)
        } else failed_users.push(id)
      }
      if (banned_users.length === 0) throw refusal.failedToBan()
      return ok({ banned_users, failed_users })
    },
  },
]
