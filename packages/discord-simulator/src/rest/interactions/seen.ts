import type { APIMessage } from 'discord-api-types/v10'
import type { FormBody } from '../components/form-body.ts'
import type { RestContext } from '../route.ts'
import type { Choice, InteractionKind } from './interaction.ts'
import { messageAt } from './message-at.ts'

/** What somebody who has used the bot sees of its answer. */
export interface SeenInteraction {
  id: string
  type: InteractionKind
  /** The type of the answer; null while there is none. */
  answer: number | null
  /** The values that are offered while an option is typed. */
  choices?: readonly Choice[]
  /** The form that is open before them. */
  modal?: FormBody
  /** The messages that answer, oldest first, those that only they see among them. */
  messages: APIMessage[]
}

/** Undefined for what is no interaction, or one long ago. */
export function seenInteraction(context: RestContext, id: string): SeenInteraction | undefined {
  const interaction = context.records.interactions.get(id)
  if (!interaction) return undefined
  const { type, answer = null, choices, form: modal, originalId, channelId, ephemeral } = interaction
  const original = originalId === undefined ? undefined : messageAt(context, channelId, originalId)?.message
  const others = [...ephemeral.values()].filter((message) => message.id !== originalId)
  const messages = [...(original ? [original] : []), ...others]
  return { id, type, answer, ...(choices && { choices }), ...(modal && { modal }), messages }
}
