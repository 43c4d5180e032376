import { AuditLogEvent as Did, GuildOnboardingMode as Mode, PermissionFlagsBits as Bit } from 'discord-api-types/v10'
import { z } from 'zod'
import { channelPermissions } from '../../world/permissions.ts'
import type { Guild } from '../../world/types.ts'
import type { World } from '../../world/world.ts'
import { guildOf, guildWith, need } from '../access.ts'
import { changesBetween, deedsBetween } from '../audit/changes.ts'
import { refusal } from '../errors.ts'
import { maybe, readForm, snowflake, text } from '../form.ts'
import { ok, param } from '../route.ts'
import type { RestContext, RestRequest, Route } from '../route.ts'
import { featuresWith, tellGuild } from '../tell-guild.ts'

const welcomeBody = z.looseObject({
  enabled: maybe(z.boolean()),
  description: text(140).nullish(),
  welcome_channels: maybe(
    z
      .array(
        z.object({
          channel_id: snowflake,
          description: text(50, 1),
          emoji_id: snowflake.nullish().transform((id) => id ?? null),
          emoji_name: text(100)
            .nullish()
            .transform((name) => name ?? null),
        }),
      )
      .max(5),
  ),
})
export interface WelcomeScreen {
  description: string | null
  welcome_channels: { channel_id: string; description: string; emoji_id: string | null; emoji_name: string | null }[]
}

const SHOWN = 'WELCOME_SCREEN_ENABLED'

/** https://docs.discord.com/developers/resources/guild#get-guild-welcome-screen */
function showWelcome({ world, records }: RestContext, request: RestRequest) {
  const guild = guildOf(world, param(request, 'guild_id'))
  const isShown = guild.features.some((feature) => (feature as string) === SHOWN)
  if (!isShown) need(world.guildPermissions(guild, world.bot.id), Bit.ManageGuild)
  const screen = records.welcomeScreens.get(guild.id)
  if (!screen) throw refusal.unknownWelcomeScreen()
  return ok(screen)
}

/** https://docs.discord.com/developers/resources/guild#modify-guild-welcome-screen */
function editWelcome(context: RestContext, request: RestRequest) {
  const { world, records } = context
  const guild = guildWith(world, param(request, 'guild_id'), Bit.ManageGuild)
  const { enabled, description, welcome_channels } = readForm(welcomeBody, request.body ?? {})
  const unknown = welcome_channels?.some(({ channel_id }) => !guild.channels.some(({ id }) => id === channel_id))
  if (unknown) throw refusal.unknownChannel()
  const before = records.welcomeScreens.get(guild.id) ?? { description: null, welcome_channels: [] }
  const next = {
    description: description === undefined ? before.description : description,
    welcome_channels: welcome_channels ?? before.welcome_channels,
  }
  records.welcomeScreens.set(guild.id, next)
  if (enabled !== undefined) tellGuild(context, guild, { features: featuresWith(guild, SHOWN, enabled) })
  return ok(next)
}

const optionBody = z.looseObject({
  id: maybe(snowflake),
  title: text(50, 1),
  description: text(100)
    .nullish()
    .transform((value) => value ?? ''),
  emoji_id: snowflake.nullish(),
  emoji_name: text(100).nullish(),
  emoji_animated: maybe(z.boolean()),
  role_ids: maybe(z.array(snowflake)),
  channel_ids: maybe(z.array(snowflake)),
})

const onboardingBody = z.looseObject({
  prompts: maybe(
    z
      .array(
        z.looseObject({
          id: snowflake,
          title: text(100, 1),
          options: z.array(optionBody).max(50),
          single_select: maybe(z.boolean()),
          required: maybe(z.boolean()),
          in_onboarding: maybe(z.boolean()),
          type: maybe(z.literal([0, 1])),
        }),
      )
      .max(15),
  ),
  default_channel_ids: maybe(z.array(snowflake)),
  enabled: maybe(z.boolean()),
  mode: maybe(z.literal([Mode.OnboardingDefault, Mode.OnboardingAdvanced])),
})

export interface Onboarding {
  guild_id: string
  prompts: { id: string; options: { channel_ids: string[] }[] }[]
  default_channel_ids: string[]
  enabled: boolean
  mode: Mode
}

/** Without these it cannot be switched on: https://docs.discord.com/developers/resources/guild#modify-guild-onboarding */
const CHANNELS = 7
const WRITABLE = 5

function isEnough(world: World, guild: Guild, { default_channel_ids, prompts, mode }: Onboarding): boolean {
  const offered =
    mode === Mode.OnboardingAdvanced
      ? prompts.flatMap(({ options }) => options.flatMap(({ channel_ids }) => channel_ids))
      : []
  const ids = [...new Set([...default_channel_ids, ...offered])]
  // Somebody who has no role is @everyone.
  const plain = guild.members.find(({ roles, user }) => roles.length === 0 && user.id !== guild.owner_id)?.user.id ?? ''
  const writable = ids.filter((id) => {
    const channel = guild.channels.find((candidate) => candidate.id === id)
    return channel && (channelPermissions({ guild, channel }, plain, world.clock.now()) & Bit.SendMessages) !== 0n
  })
  return ids.length >= CHANNELS && writable.length >= WRITABLE
}

const PROMPT_KEYS = ['title', 'options', 'single_select', 'required', 'in_onboarding', 'type']

/**
 * No dispatch tells of it: each question is a deed of its own, and the rest is one.
 * https://docs.discord.com/developers/resources/audit-log#audit-log-entry-object-audit-log-events
 */
function noteOnboarding({ note }: RestContext, before: Onboarding | undefined, after: Onboarding): void {
  const changes = changesBetween(before, after, ['default_channel_ids', 'enabled', 'mode'])
  const action_type = before ? Did.OnboardingUpdate : Did.OnboardingCreate
  if (changes.length > 0) note(after.guild_id, { action_type, target_id: after.guild_id, changes })
  const acts = [Did.OnboardingPromptCreate, Did.OnboardingPromptUpdate, Did.OnboardingPromptDelete] as const
  for (const deed of deedsBetween(before?.prompts ?? [], after.prompts, acts, PROMPT_KEYS)) note(after.guild_id, deed)
}

/** https://docs.discord.com/developers/resources/guild#modify-guild-onboarding */
function editOnboarding(context: RestContext, request: RestRequest) {
  const { world, records } = context
  const guild = guildWith(world, param(request, 'guild_id'), Bit.ManageGuild, Bit.ManageRoles)
  const body = readForm(onboardingBody, request.body ?? {})
  const before = records.onboarding.get(guild.id)
  const prompts = body.prompts?.map((prompt) => ({
    id: prompt.id,
    title: prompt.title,
    single_select: prompt.single_select ?? false,
    required: prompt.required ?? false,
    in_onboarding: prompt.in_onboarding ?? false,
    type: prompt.type ?? 0,
    options: prompt.options.map((option) => ({
      id: option.id ?? world.nextId(),
      title: option.title,
      description: option.description,
      emoji: { id: option.emoji_id ?? null, name: option.emoji_name ?? null, animated: option.emoji_animated ?? false },
      role_ids: option.role_ids ?? [],
      channel_ids: option.channel_ids ?? [],
    })),
  }))
  const channelIds = body.default_channel_ids ?? before?.default_channel_ids ?? []
  if (channelIds.some((id) => !guild.channels.some((channel) => channel.id === id))) throw refusal.unknownChannel()
  const next: Onboarding = {
    guild_id: guild.id,
    prompts: prompts ?? before?.prompts ?? [],
    default_channel_ids: channelIds,
    enabled: body.enabled ?? before?.enabled ?? false,
    mode: body.mode ?? before?.mode ?? Mode.OnboardingDefault,
  }
  if (next.enabled && !isEnough(world, guild, next)) {
    throw before?.enabled ? refusal.belowOnboarding() : refusal.onboardingNotMet()
  }
  records.onboarding.set(guild.id, next)
  noteOnboarding(context, before, next)
  return ok(next)
}

/** What newcomers are shown. */
export const welcomeRoutes: readonly Route[] = [
  { method: 'GET', path: '/guilds/:guild_id/welcome-screen', handle: showWelcome },
  { method: 'PATCH', path: '/guilds/:guild_id/welcome-screen', handle: editWelcome },
  {
    method: 'GET',
    path: '/guilds/:guild_id/onboarding',
    handle: ({ world, records }, request) => {
      const { id: guild_id } = guildOf(world, param(request, 'guild_id'))
      const none = { guild_id, prompts: [], default_channel_ids: [], enabled: false, mode: Mode.OnboardingDefault }
      return ok(records.onboarding.get(guild_id) ?? none)
    },
  },
  { method: 'PUT', path: '/guilds/:guild_id/onboarding', handle: editOnboarding },
]
