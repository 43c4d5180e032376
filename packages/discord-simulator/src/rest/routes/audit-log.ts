import { PermissionFlagsBits as Bit } from 'discord-api-types/v10'
import type { AuditLogEvent } from 'discord-api-types/v10'
import { z } from 'zod'
import { guildWith } from '../access.ts'
import type { Entry } from '../audit/audit-log.ts'
import { integer, readForm, snowflake } from '../form.ts'
import { shownEvent } from '../events/shown.ts'
import type { Webhook } from '../records.ts'
import { ok, param } from '../route.ts'
import type { Route } from '../route.ts'
import { shownFollower } from '../webhooks/followers.ts'

const logQuery = z.object({
  limit: integer(1, 100).default(50),
  user_id: snowflake.optional(),
  target_id: snowflake.optional(),
  action_type: (integer(0, 1_000) as z.ZodType<AuditLogEvent>).optional(),
  before: snowflake.optional(),
  after: snowflake.optional(),
})

/** Whoever reads the log is not given what one can speak with. */
const shownHook = ({ token: _token, url: _url, ...rest }: Webhook) => rest

/** https://docs.discord.com/developers/resources/audit-log#get-guild-audit-log */
export const auditLogRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/guilds/:guild_id/audit-logs',
    handle: (context, request) => {
      const { world, records } = context
      const guild = guildWith(world, param(request, 'guild_id'), Bit.ViewAuditLog)
      const entries = records.auditLog.list(guild.id, readForm(logQuery, Object.fromEntries(request.query)))
      const named = new Set(entries.flatMap(({ user_id, target_id }: Entry) => [user_id, target_id]))
      const among = <T extends { id: string }>(things: Iterable<T>) => [...things].filter(({ id }) => named.has(id))
      return ok({
        audit_log_entries: entries,
        users: [...named].flatMap((id) => (id === null ? [] : (world.user(id) ?? []))),
        webhooks: [
          ...among(records.webhooks.values()).map(shownHook),
          ...among(records.followers.values()).map((follower) => shownFollower(context, follower)),
        ],
        threads: among(guild.threads),
        guild_scheduled_events: among(guild.guild_scheduled_events).map((event) => shownEvent(world, event, false)),
        auto_moderation_rules: among(world.autoModeration.get(guild.id) ?? []),
        application_commands: among([...records.commands.values()].flat()),
        integrations: [],
      })
    },
  },
]
