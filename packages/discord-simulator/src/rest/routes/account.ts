import { ApplicationFlags } from 'discord-api-types/v10'
import { z } from 'zod'
import { application, privilegedBy } from '../../world/application.ts'
import { isoTime } from '../../world/compose.ts'
import { ownApplication } from '../access.ts'
import { refusal } from '../errors.ts'
import { blame, maybe, readForm, text } from '../form.ts'
import { hashOf, hashed, image } from '../images.ts'
import { ok, param } from '../route.ts'
import type { RestContext, RestRequest, Route } from '../route.ts'

const userBody = z.looseObject({
  username: maybe(text(32, 2)),
  avatar: image.nullish(),
  banner: image.nullish(),
})

/** https://docs.discord.com/developers/resources/user#modify-current-user */
function editUser({ world, emit }: RestContext, request: RestRequest) {
  const { username, avatar, banner } = readForm(userBody, request.body ?? {})
  const user = {
    ...world.bot,
    ...(username !== undefined && { username }),
    ...(avatar !== undefined && { avatar: hashed(avatar) }),
    ...(banner !== undefined && { banner: hashed(banner) }),
  }
  emit({ event: 'USER_UPDATE', payload: { ...user, verified: true, mfa_enabled: true, email: null } })
  for (const { id: guild_id } of world.guilds()) {
    const member = world.member(guild_id, user.id)
    if (member) emit({ event: 'GUILD_MEMBER_UPDATE', payload: { ...member, user, guild_id } })
  }
  return ok({ ...world.bot, verified: true, mfa_enabled: true, locale: 'en-US', email: null })
}

/** The only flags that a bot may change: https://docs.discord.com/developers/resources/application#edit-current-application */
const INTENT_FLAGS =
  ApplicationFlags.GatewayPresenceLimited |
  ApplicationFlags.GatewayGuildMembersLimited |
  ApplicationFlags.GatewayMessageContentLimited

const url = text(2_048).refine((value) => URL.canParse(value), blame('URL_TYPE_INVALID_URL', 'Not a well formed URL.'))

const UNVERIFIED = blame(
  'APPLICATION_INTERACTIONS_ENDPOINT_URL_INVALID',
  'The specified interactions endpoint url could not be verified.',
)

const applicationBody = z.looseObject({
  description: text(400).nullish(),
  icon: image.nullish(),
  cover_image: image.nullish(),
  flags: maybe(
    z
      .int()
      .nonnegative()
      .refine((flags) => (flags & ~INTENT_FLAGS) === 0, blame('APPLICATION_FLAGS_INVALID', 'Invalid flags.')),
  ),
  tags: maybe(z.array(text(20, 1)).max(5)),
  custom_install_url: url.nullish(),
  role_connections_verification_url: url.nullish(),
  // Discord asks there first whether somebody checks signatures, and nobody is asked from here.
  interactions_endpoint_url: z
    .unknown()
    .refine((value) => value == null, UNVERIFIED)
    .optional(),
})

/** https://docs.discord.com/developers/resources/application#edit-current-application */
function editApplication({ world, records }: RestContext, request: RestRequest) {
  const { flags, icon, cover_image, ...body } = readForm(applicationBody, request.body ?? {})
  const { description, tags, custom_install_url, role_connections_verification_url } = body
  if (flags !== undefined) world.privileged = privilegedBy(flags)
  const said = {
    // Null takes it away. A description is always shown, the others only while they are there.
    description: description ?? '',
    tags,
    custom_install_url: custom_install_url ?? undefined,
    role_connections_verification_url,
    icon: icon && hashOf(icon),
    cover_image: cover_image ? hashOf(cover_image) : undefined,
  }
  const given = Object.keys(said).filter((key) => Reflect.get(request.body ?? {}, key) !== undefined)
  Object.assign(records.application, Object.fromEntries(given.map((key) => [key, Reflect.get(said, key)])))
  return ok(application(world, records.application))
}

/** What of an application is everybody's to know. */
const TOLD_TO_USERS: ReadonlySet<string> = new Set([
  'id',
  'name',
  'icon',
  'description',
  'type',
  'flags',
  'flags_new',
  'bot',
  'bot_public',
  'bot_require_code_grant',
  'verify_key',
  'tags',
])

/** https://docs.discord.com/developers/topics/oauth2#get-current-authorization-information */
function showAuthorization({ world, records }: RestContext, { grant }: RestRequest) {
  if (!grant) throw refusal.unauthorized()
  const whole = Object.entries(application(world, records.application))
  const user = grant.scopes.includes('identify') ? world.user(grant.userId) : undefined
  return ok({
    application: Object.fromEntries(whole.filter(([key]) => TOLD_TO_USERS.has(key))),
    scopes: grant.scopes,
    expires: isoTime(grant.expiresMs),
    ...(user && { user }),
  })
}

/** What the bot, and who has signed in, may know and change of themselves. */
export const accountRoutes: readonly Route[] = [
  { method: 'PATCH', path: '/users/@me', handle: editUser },
  { method: 'PATCH', path: '/applications/@me', handle: editApplication },
  {
    method: 'PATCH',
    path: '/applications/:application_id',
    handle: (context, request) => {
      ownApplication(context.world, param(request, 'application_id'))
      return editApplication(context, request)
    },
  },
  {
    method: 'GET',
    path: '/applications/:application_id',
    handle: ({ world, records }, request) => {
      ownApplication(world, param(request, 'application_id'))
      return ok(application(world, records.application))
    },
  },
  { method: 'GET', path: '/oauth2/@me', scope: 'any', personal: true, handle: showAuthorization },
]
