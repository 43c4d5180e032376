import { MessageFlags } from 'discord-api-types/v10'
import { z } from 'zod'
import type { World } from '../../world/world.ts'
import { refusal } from '../errors.ts'
import { readForm } from '../form.ts'
import type { Records } from '../records.ts'
import { none, ok, param } from '../route.ts'
import type { RestContext, RestRequest, Route } from '../route.ts'
import { speak, tell } from '../webhooks/hook-message.ts'
import type { Speaker } from '../webhooks/hook-message.ts'
import { ANSWER_WITHIN_MS, TOKEN_LIFE_MS } from '../webhooks/interaction.ts'
import type { Interaction } from '../webhooks/interaction.ts'
import { edited } from './messages.ts'

const callbackBody = z.looseObject({
  type: z.literal([1, 4, 5, 6, 7, 8, 9]),
  data: z.looseObject({ flags: z.int().nullish() }).nullish(),
})

/** Who speaks for an interaction. */
export function speakerFor(world: World, interaction: Interaction): Speaker {
  const located = world.channel(interaction.channelId)
  if (!located) throw refusal.unknownChannel()
  return { located, author: world.bot, webhookId: world.bot.id, interaction }
}

/** The interaction of a token that can still be used, or 50027. */
export function interactionOf(world: World, records: Records, token: string): Interaction {
  const found = [...records.interactions.values()].find((interaction) => interaction.token === token)
  if (!found || world.clock.now() - found.atMs > TOKEN_LIFE_MS) throw refusal.invalidWebhookToken()
  return found
}

function answer(context: RestContext, request: RestRequest, interaction: Interaction, type: number) {
  const { world } = context
  const speaker = speakerFor(world, interaction)
  const { data } = readForm(callbackBody, request.body ?? {})
  const inner = { ...request, body: data ?? {} }
  if (type === 4) return speak(context, inner, speaker)
  if (type === 5) {
    const flags = MessageFlags.Loading | ((data?.flags ?? 0) & MessageFlags.Ephemeral)
    return speak(context, { ...request, body: {}, files: [] }, speaker, flags)
  }
  const before =
    interaction.messageId === undefined ? undefined : world.messages.get(interaction.channelId, interaction.messageId)
  if (!before) throw refusal.unknownMessage()
  if (type === 6) return before
  const next = edited(context, speaker.located, before, inner)
  tell(context, 'MESSAGE_UPDATE', speaker, next)
  return next
}

/** Which answers fit which kind of interaction: https://docs.discord.com/developers/interactions/receiving-and-responding#interaction-response-object-interaction-callback-type */
const FITTING: Readonly<Record<Interaction['type'], readonly number[]>> = {
  2: [4, 5, 9],
  3: [4, 5, 6, 7, 9],
  5: [4, 5, 6, 7],
}

/** https://docs.discord.com/developers/interactions/receiving-and-responding#create-interaction-response */
function callback(context: RestContext, request: RestRequest) {
  const { world, records } = context
  const interaction = records.interactions.get(param(request, 'interaction_id'))
  const isKnown = interaction?.token === param(request, 'interaction_token')
  if (!interaction || !isKnown) throw refusal.unknownInteraction()
  if (interaction.isAnswered) throw refusal.alreadyAcknowledged()
  if (world.clock.now() - interaction.atMs > ANSWER_WITHIN_MS) throw refusal.unknownInteraction()
  const { type } = readForm(callbackBody, request.body ?? {})
  if (!FITTING[interaction.type].includes(type)) {
    const message = `Value must be one of {${FITTING[interaction.type].join(', ')}}.`
    throw refusal.invalidForm([{ path: ['type'], code: 'BASE_TYPE_CHOICES', message }])
  }
  const message = type === 8 || type === 9 ? undefined : answer(context, request, interaction, type)
  interaction.isAnswered = true
  interaction.originalId = message?.id
  if (request.query.get('with_response') !== 'true') return none()
  const flags = message?.flags ?? 0
  return ok({
    interaction: {
      id: interaction.id,
      type: interaction.type,
      channel_id: interaction.channelId,
      guild_id: interaction.guildId,
      ...(message && {
        response_message_id: message.id,
        response_message_loading: (flags & MessageFlags.Loading) !== 0,
        response_message_ephemeral: (flags & MessageFlags.Ephemeral) !== 0,
      }),
    },
    ...(message && (type === 4 || type === 7) && { resource: { type, message } }),
  })
}

const commandName = /^[-_'\p{L}\p{N}\p{sc=Deva}\p{sc=Thai}]{1,32}$/u
const commandBody = z
  .looseObject({
    name: z.string().min(1).max(32),
    type: z.literal([1, 2, 3]).nullish(),
    description: z.string().max(100).nullish(),
    options: z
      .array(
        z.looseObject({
          type: z.int().min(1).max(11),
          name: z.string().regex(commandName),
          description: z.string().min(1).max(100),
        }),
      )
      .max(25)
      .nullish(),
    default_member_permissions: z.union([z.string().regex(/^\d{1,20}$/), z.int().transform(String)]).nullish(),
    nsfw: z.boolean().nullish(),
  })
  .refine((body) => (body.type ?? 1) !== 1 || commandName.test(body.name), {
    path: ['name'],
    params: { code: 'APPLICATION_COMMAND_INVALID_NAME', message: 'Command name is invalid' },
  })
  .refine((body) => (body.type ?? 1) !== 1 || !!body.description, {
    path: ['description'],
    params: { code: 'BASE_TYPE_REQUIRED', message: 'This field is required' },
  })

/** https://docs.discord.com/developers/interactions/application-commands#application-command-object */
function commandFrom(world: World, body: z.infer<typeof commandBody>, guildId: string, id: string) {
  return {
    id,
    application_id: world.bot.id,
    version: world.nextId(),
    default_member_permissions: body.default_member_permissions ?? null,
    type: body.type ?? 1,
    name: body.name,
    name_localizations: null,
    description: body.description ?? '',
    description_localizations: null,
    dm_permission: true,
    contexts: null,
    integration_types: [0],
    nsfw: body.nsfw ?? false,
    ...(body.options && { options: body.options }),
    ...(guildId && { guild_id: guildId }),
  }
}

/** The same for the commands of every guild and for those of one. */
function commandRoutes(path: string): Route[] {
  const scope = ({ world, records }: RestContext, request: RestRequest) => {
    if (param(request, 'application_id') !== world.bot.id) throw refusal.missingAccess()
    const guildId = request.params['guild_id'] ?? ''
    if (guildId && !world.guild(guildId)) throw refusal.missingAccess()
    return { guildId, list: records.commands.get(guildId) ?? [] }
  }
  const one = (context: RestContext, request: RestRequest) => {
    const { guildId, list } = scope(context, request)
    const command = list.find(({ id }) => id === param(request, 'command_id'))
    if (!command) throw refusal.unknownCommand()
    return { guildId, list, command }
  }
  return [
    { method: 'GET', path, handle: (context, request) => ok(scope(context, request).list) },
    {
      method: 'PUT',
      path,
      handle: (context, request) => {
        const { guildId, list } = scope(context, request)
        const bodies = readForm(z.array(commandBody).max(110), request.body ?? [])
        const idOf = (body: (typeof bodies)[number]) =>
          list.find(({ name, type }) => name === body.name && type === (body.type ?? 1))?.id ?? context.world.nextId()
        const made = bodies.map((body) => commandFrom(context.world, body, guildId, idOf(body)))
        context.records.commands.set(guildId, made)
        return ok(made)
      },
    },
    {
      method: 'POST',
      path,
      handle: (context, request) => {
        const { guildId, list } = scope(context, request)
        const body = readForm(commandBody, request.body ?? {})
        // One of the same name and type is replaced.
        const before = list.find(({ name, type }) => name === body.name && type === (body.type ?? 1))
        const command = commandFrom(context.world, body, guildId, before?.id ?? context.world.nextId())
        context.records.commands.set(guildId, [...list.filter(({ id }) => id !== command.id), command])
        return { status: before ? 200 : 201, body: command }
      },
    },
    { method: 'GET', path: `${path}/:command_id`, handle: (context, request) => ok(one(context, request).command) },
    {
      method: 'PATCH',
      path: `${path}/:command_id`,
      handle: (context, request) => {
        const { guildId, list, command } = one(context, request)
        const said = request.body instanceof Object ? request.body : {}
        const body = readForm(commandBody, Object.assign({}, command, said))
        const next = commandFrom(context.world, body, guildId, command.id)
        context.records.commands.set(
          guildId,
          list.map((each) => (each.id === next.id ? next : each)),
        )
        return ok(next)
      },
    },
    {
      method: 'DELETE',
      path: `${path}/:command_id`,
      handle: (context, request) => {
        const { guildId, list, command } = one(context, request)
        context.records.commands.set(
          guildId,
          list.filter(({ id }) => id !== command.id),
        )
        return none()
      },
    },
  ]
}

export const interactionRoutes: readonly Route[] = [
  {
    method: 'POST',
    path: '/interactions/:interaction_id/:interaction_token/callback',
    open: true,
    exempt: true,
    handle: callback,
  },
  ...commandRoutes('/applications/:application_id/commands'),
  ...commandRoutes('/applications/:application_id/guilds/:guild_id/commands'),
]
