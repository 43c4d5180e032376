import { ComponentType as Type } from 'discord-api-types/v10'
import type { APIMessage } from 'discord-api-types/v10'
import type { Component } from '../components/parts.ts'
import { within } from '../components/within.ts'
import type { RestContext } from '../route.ts'
import type { ComponentUse } from './body.ts'
import { CannotInteract } from './cannot-interact.ts'
import type { Resolved } from './resolved.ts'

const isThere: Readonly<Partial<Record<number, (resolved: Resolved, id: string, component: Component) => boolean>>> = {
  [Type.UserSelect]: (resolved, id) => resolved.user(id),
  [Type.RoleSelect]: (resolved, id) => resolved.role(id),
  [Type.MentionableSelect]: (resolved, id) => resolved.user(id) || resolved.role(id),
  [Type.ChannelSelect]: (resolved, id, { channel_types }) =>
    resolved.channel(id, Array.isArray(channel_types) ? channel_types : []),
}

/**
 * Refuses what cannot be chosen in a menu: what is none of its options, or names nothing, or is too little or too much.
 * https://docs.discord.com/developers/components/reference#string-select
 */
export function checkChosen(component: Component, values: readonly string[], resolved: Resolved, least: number): void {
  const { custom_id, options, max_values = 1 } = component
  const refuse = (what: string) => {
    throw new CannotInteract(`${custom_id} ${what}.`)
  }
  if (new Set(values).size < values.length) return refuse('has each of its values once')
  if (values.length < least) return refuse(`takes at least ${least}`)
  if (values.length > max_values) return refuse(`takes at most ${max_values}`)
  const find = isThere[component.type]
  const unknown = values.find((value) =>
    find ? !find(resolved, value, component) : !options?.some((option) => option.value === value),
  )
  return unknown === undefined ? undefined : refuse(`has no option ${unknown}`)
}

/** A message that somebody sees: in the channel, or one that the bot has shown only to them. */
export function messageSeen({ world, records }: RestContext, use: ComponentUse): APIMessage {
  const own = [...records.interactions.values()].filter(({ userId }) => userId === use.user_id)
  const message =
    world.messages.get(use.channel_id, use.message_id) ??
    own.flatMap(({ ephemeral }) => ephemeral.get(use.message_id) ?? [])[0]
  if (!message) throw new CannotInteract('There is no such message.')
  return message
}

/** Somebody presses a button, or chooses from a menu. */
export function useComponent(context: RestContext, use: ComponentUse, resolved: Resolved) {
  const message = messageSeen(context, use)
  const { custom_id, values, component_type } = use
  const components = within((message.components ?? []) as unknown as Component[])
  const component = components.find((one) => one.component.custom_id === custom_id)?.component
  if (!component) throw new CannotInteract(`The message has no component ${custom_id}.`)
  if (message.author.id !== context.world.bot.id) throw new CannotInteract('The message is not the bot’s.')
  if (component_type !== undefined && component_type !== component.type) {
    throw new CannotInteract(`${custom_id} is of type ${component.type}, and not ${component_type}.`)
  }
  if (component.disabled) throw new CannotInteract(`${custom_id} is disabled.`)
  const data = { custom_id, component_type: component.type, id: component.id }
  if (component.type === Type.Button) {
    if (values) throw new CannotInteract(`${custom_id} is a button, and has no values.`)
    return { data, message }
  }
  const chosen = values ?? []
  checkChosen(component, chosen, resolved, component.min_values ?? 1)
  return { data: { ...data, values: chosen, ...resolved.shown() }, message }
}
