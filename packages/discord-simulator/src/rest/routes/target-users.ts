import { PermissionFlagsBits as Bit } from 'discord-api-types/v10'
import { z } from 'zod'
import { isoTime } from '../../world/compose.ts'
import { refusal } from '../errors.ts'
import { list, readForm, snowflake } from '../form.ts'
import type { Invite } from '../records.ts'
import { none, ok, param } from '../route.ts'
import type { RestContext, RestRequest, Route } from '../route.ts'
import { asCsv, fromCsv } from '../target-users.ts'
import type { TargetUsers } from '../target-users.ts'
import { inviteOf } from './invites.ts'

const idsBody = z.looseObject({ user_ids: list(snowflake, 1, 1_000) })

/** An invite that the bot has made, or for which it has one of these permissions. */
function reached({ world, records }: RestContext, request: RestRequest, ...bits: readonly bigint[]): Invite {
  const invite = inviteOf({ world, records }, param(request, 'code'))
  const guild = world.guild(invite.guild_id)
  const has = guild ? world.guildPermissions(guild, world.bot.id) : 0n
  if (invite.inviter.id !== world.bot.id && !bits.some((bit) => has & bit)) throw refusal.missingPermissions()
  return invite
}

const NOBODY: TargetUsers = { ids: new Set(), readAt: null }

/** Those whom an invite is for, to be told. */
const known = (context: RestContext, request: RestRequest): TargetUsers =>
  context.records.targetUsers.get(reached(context, request, Bit.ManageGuild, Bit.ViewAuditLog).code) ?? NOBODY

/** The same, to be changed. */
function changed(context: RestContext, request: RestRequest): TargetUsers {
  const { code } = reached(context, request, Bit.ManageGuild)
  const targets = context.records.targetUsers.get(code) ?? { ids: new Set<string>(), readAt: null }
  context.records.targetUsers.set(code, targets)
  return targets
}

/** A file is read at once here, so that its job is always done: https://docs.discord.com/developers/resources/invite#get-target-users-job-status */
function job({ ids, readAt }: TargetUsers): object {
  const count = readAt === null ? 0 : ids.size
  return {
    status: readAt === null ? 0 : 2,
    total_users: count,
    processed_users: count,
    created_at: readAt,
    completed_at: readAt,
    error_message: null,
  }
}

const path = '/invites/:code/target-users'

/** https://docs.discord.com/developers/resources/invite#get-target-users */
export const targetUserRoutes: readonly Route[] = [
  {
    method: 'GET',
    path,
    handle: (context, request) => ({
      status: 200,
      text: asCsv(known(context, request)),
      headers: { 'Content-Type': 'text/csv; charset=utf-8' },
    }),
  },
  {
    method: 'PUT',
    path,
    handle: (context, request) => {
      const ids = fromCsv(request.files)
      const targets = changed(context, request)
      targets.ids = new Set(ids)
      targets.readAt = isoTime(context.world.clock.now())
      return none()
    },
  },
  { method: 'GET', path: `${path}/job-status`, handle: (context, request) => ok(job(known(context, request))) },
  {
    method: 'POST',
    path: `${path}/bulk-add`,
    handle: (context, request) => {
      const { user_ids } = readForm(idsBody, request.body ?? {})
      const { ids } = changed(context, request)
      for (const id of user_ids) ids.add(id)
      return none()
    },
  },
  {
    method: 'POST',
    path: `${path}/bulk-delete`,
    handle: (context, request) => {
      const { user_ids } = readForm(idsBody, request.body ?? {})
      const { ids } = changed(context, request)
      for (const id of user_ids) ids.delete(id)
      return none()
    },
  },
  {
    method: 'PUT',
    path: `${path}/:user_id`,
    handle: (context, request) => {
      changed(context, request).ids.add(param(request, 'user_id'))
      return none()
    },
  },
  {
    method: 'DELETE',
    path: `${path}/:user_id`,
    handle: (context, request) => {
      changed(context, request).ids.delete(param(request, 'user_id'))
      return none()
    },
  },
]
