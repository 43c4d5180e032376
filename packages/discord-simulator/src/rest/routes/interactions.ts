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

export const interactionRoutes: readonly Route[] = [
  {
    method: 'POST',
    path: '/interactions/:interaction_id/:interaction_token/callback',
    open: true,
    exempt: true,
    handle: callback,
  },
]
