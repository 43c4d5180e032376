import { z } from 'zod'
import { isoTime } from '../../world/compose.ts'
import { compareSnowflakes } from '../../snowflake.ts'
import { ownApplication } from '../access.ts'
import { refusal } from '../errors.ts'
import { integer, readForm, snowflake } from '../form.ts'
import { none, ok, param } from '../route.ts'
import type { RestContext, RestRequest, Route } from '../route.ts'
import { SKUS } from '../skus.ts'

/** https://docs.discord.com/developers/resources/entitlement#create-test-entitlement */
const createBody = z.looseObject({ sku_id: snowflake, owner_id: snowflake, owner_type: z.literal([1, 2]) })
const GUILD = 1
/** What was made to try it: https://docs.discord.com/developers/resources/entitlement#entitlement-object-entitlement-types */
const APPLICATION_SUBSCRIPTION = 8

const flag = z
  .enum(['true', 'false'])
  .default('false')
  .transform((value) => value === 'true')
const listQuery = z.object({
  user_id: snowflake.optional(),
  guild_id: snowflake.optional(),
  sku_ids: z.string().optional(),
  before: snowflake.optional(),
  after: snowflake.optional(),
  limit: integer(1, 100).default(100),
  exclude_ended: flag,
  exclude_deleted: flag,
})

function entitlementOf(context: RestContext, request: RestRequest) {
  ownApplication(context.world, param(request, 'application_id'))
  const found = context.records.entitlements.get(param(request, 'entitlement_id'))
  if (!found) throw refusal.unknownEntitlement()
  return found
}

/** https://docs.discord.com/developers/resources/entitlement#list-entitlements */
function list(context: RestContext, request: RestRequest) {
  ownApplication(context.world, param(request, 'application_id'))
  const query = readForm(listQuery, Object.fromEntries(request.query))
  const skus = query.sku_ids?.split(',')
  const now = context.world.clock.now()
  const found = [...context.records.entitlements.values()].filter(
    (one) =>
      (query.user_id === undefined || one.user_id === query.user_id) &&
      (query.guild_id === undefined || one.guild_id === query.guild_id) &&
      (!skus || skus.includes(one.sku_id)) &&
      (query.before === undefined || compareSnowflakes(one.id, query.before) < 0) &&
      (query.after === undefined || compareSnowflakes(one.id, query.after) > 0) &&
      !(query.exclude_deleted && one.deleted) &&
      !(query.exclude_ended && one.ends_at !== null && Date.parse(one.ends_at) <= now),
  )
  return ok(query.after === undefined ? found.toReversed().slice(0, query.limit) : found.slice(0, query.limit))
}

function create(context: RestContext, request: RestRequest) {
  const { world, records, emit } = context
  ownApplication(context.world, param(request, 'application_id'))
  const { sku_id, owner_id, owner_type } = readForm(createBody, request.body ?? {})
  if (!SKUS.some(({ id }) => id === sku_id)) throw refusal.unknownSku()
  const isGuild = owner_type === GUILD
  if (isGuild && !world.guild(owner_id)) throw refusal.unknownGuild()
  if (!isGuild && !world.user(owner_id)) throw refusal.unknownUser()
  const entitlement = {
    id: world.nextId(),
    sku_id,
    application_id: world.bot.id,
    user_id: isGuild ? world.bot.id : owner_id,
    ...(isGuild && { guild_id: owner_id }),
    deleted: false,
    consumed: false,
    starts_at: null,
    ends_at: null,
    type: APPLICATION_SUBSCRIPTION,
  }
  records.entitlements.set(entitlement.id, entitlement)
  emit({ event: 'ENTITLEMENT_CREATE', payload: entitlement })
  return ok(entitlement)
}

const path = '/applications/:application_id/entitlements'

/** https://docs.discord.com/developers/resources/entitlement and https://docs.discord.com/developers/resources/sku */
export const entitlementRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/applications/:application_id/skus',
    handle: (context, request) => {
      ownApplication(context.world, param(request, 'application_id'))
      return ok(SKUS.map((sku) => ({ ...sku, application_id: context.world.bot.id })))
    },
  },
  { method: 'GET', path, handle: list },
  { method: 'POST', path, handle: create },
  { method: 'GET', path: `${path}/:entitlement_id`, handle: (at, request) => ok(entitlementOf(at, request)) },
  {
    method: 'POST',
    path: `${path}/:entitlement_id/consume`,
    handle: (context, request) => {
      const next = { ...entitlementOf(context, request), consumed: true }
      context.records.entitlements.set(next.id, next)
      context.emit({ event: 'ENTITLEMENT_UPDATE', payload: next })
      return none()
    },
  },
  {
    method: 'DELETE',
    path: `${path}/:entitlement_id`,
    handle: (context, request) => {
      const ended = { ...entitlementOf(context, request), deleted: true, ends_at: isoTime(context.world.clock.now()) }
      context.records.entitlements.delete(ended.id)
      context.emit({ event: 'ENTITLEMENT_DELETE', payload: ended })
      return none()
    },
  },
]
