import type { GuildView } from '@repo/discord-permissions'
import type { CommandPayload } from '@repo/discord-integration/types'
import { PermissionFlagsBits } from 'discord-api-types/v10'

type AllowedMentions = NonNullable<CommandPayload<'send_message'>['allowed_mentions']>

/** https://docs.discord.com/developers/reference#message-formatting */
const ROLE_MENTION = /<@&(\d{1,20})>/g

/** As many as Discord takes: https://docs.discord.com/developers/resources/message#allowed-mentions-object */
const ROLES_MAX = 100

/**
 * Whom a text may notify that the bot writes for somebody: whom they could themselves. That is every member; with
 * MENTION_EVERYONE everyone and every role; without it the roles that are for anybody to mention.
 * https://docs.discord.com/developers/topics/permissions#permissions-bitwise-permission-flags
 *
 * @param permissions theirs, in the channel.
 */
export function mentionsOf(content: string, guild: GuildView, permissions: bigint): AllowedMentions {
  if ((permissions & PermissionFlagsBits.MentionEveryone) !== 0n) {
    return { parse: ['users', 'roles', 'everyone'], replied_user: true }
  }
  const named = new Set(Array.from(content.matchAll(ROLE_MENTION), ([, id = '']) => id))
  const roles = [...named].filter((id) => guild.collections.roles.get(id)?.['mentionable'] === true)
  return { parse: ['users'], ...(roles.length > 0 && { roles: roles.slice(0, ROLES_MAX) }), replied_user: true }
}
