import { PermissionFlagsBits as Bit } from 'discord-api-types/v10'
import { z } from 'zod'
import { isoTime } from '../../world/compose.ts'
import { guildOf, guildWith } from '../access.ts'
import { refusal } from '../errors.ts'
import { moment, readForm } from '../form.ts'
import { none, ok, param } from '../route.ts'
import type { RestContext, RestRequest, Route } from '../route.ts'
import { tellGuild } from '../tell-guild.ts'

/** How far ahead a raid is thought to last: https://docs.discord.com/developers/resources/guild#modify-guild-incident-actions */
const LONGEST_MS = 24 * 3_600_000

const incidentBody = z.looseObject({
  invites_disabled_until: moment.nullish(),
  dms_disabled_until: moment.nullish(),
})

/** What is not said, or is null, is not disabled. */
function edit(context: RestContext, request: RestRequest) {
  const { world } = context
  const guild = guildWith(world, param(request, 'guild_id'), Bit.ManageGuild)
  const { invites_disabled_until, dms_disabled_until } = readForm(incidentBody, request.body ?? {})
  const given = Object.entries({ invites_disabled_until, dms_disabled_until })
  const late = given.filter(([, until]) => until && Date.parse(until) > world.clock.now() + LONGEST_MS)
  if (late.length > 0) {
    const fault = { code: 'DATE_TIME_TYPE_MAX', message: 'Must be within the next 24 hours.' }
    throw refusal.invalidForm(late.map(([name]) => ({ path: [name], ...fault })))
  }
  const data = Object.fromEntries(given.map(([name, until]) => [name, until ? isoTime(Date.parse(until)) : null]))
  const isCalm = Object.values(data).every((until) => until === null)
  tellGuild(context, guild, { incidents_data: isCalm ? null : data })
  return ok(data)
}

/** What a guild does about raids, and how it welcomes: of the latter there is nothing here to be shown. */
export const incidentRoutes: readonly Route[] = [
  { method: 'PUT', path: '/guilds/:guild_id/incident-actions', handle: edit },
  {
    method: 'GET',
    path: '/guilds/:guild_id/new-member-welcome',
    handle: ({ world }, request) => {
      guildOf(world, param(request, 'guild_id'))
      return none()
    },
  },
]
