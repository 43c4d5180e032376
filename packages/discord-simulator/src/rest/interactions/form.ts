import { ComponentType as Type } from 'discord-api-types/v10'
import type { Component } from '../components/parts.ts'
import { within } from '../components/within.ts'
import type { RestContext } from '../route.ts'
import type { Filled, FormUse, GivenFile } from './body.ts'
import { CannotInteract } from './cannot-interact.ts'
import { checkChosen } from './component.ts'
import type { Interaction } from './interaction.ts'
import { messageAt } from './message-at.ts'
import type { Resolved } from './resolved.ts'

/** The form that is open before somebody, the newest of that name. */
function openForm({ records }: RestContext, { user_id, channel_id, modal }: FormUse): Interaction {
  const opened = [...records.interactions.values()].findLast(
    ({ userId, channelId, form }) => userId === user_id && channelId === channel_id && form?.custom_id === modal,
  )
  if (!opened) throw new CannotInteract(`No form ${modal} is open before them: the bot has not answered with one.`)
  return opened
}

/** What was filled in, as Discord writes it. */
function fieldsOf(components: readonly object[]): Record<string, Filled> {
  const given = within(components as Component[]).flatMap(({ component }) => {
    const filled = (component['values'] ?? component['value']) as Filled | undefined
    return component.custom_id === undefined || filled === undefined ? [] : [[component.custom_id, filled] as const]
  })
  return Object.fromEntries(given)
}

function textOf(component: Component, filled: Filled | undefined): { value: string } {
  const { custom_id, required = true, min_length = 0, max_length = 4_000, value: prepared = '' } = component
  const refuse = (what: string) => {
    throw new CannotInteract(`${custom_id} ${what}.`)
  }
  if (filled !== undefined && typeof filled !== 'string') return refuse('takes text')
  const value = filled ?? String(prepared)
  const { length } = Array.from(value)
  if (length === 0 && !required) return { value }
  if (length === 0) return refuse('is required')
  if (length < Number(min_length)) return refuse(`has at least ${String(min_length)} characters`)
  if (length > Number(max_length)) return refuse(`has at most ${String(max_length)} characters`)
  return { value }
}

const isFile = (value: unknown): value is GivenFile => value instanceof Object && 'data' in value

/** https://docs.discord.com/developers/components/reference#file-upload-file-upload-interaction-response-structure */
function filesOf(component: Component, filled: Filled | undefined, resolved: Resolved): { values: string[] } {
  const { custom_id, required = true, min_values = 1, max_values = 1 } = component
  const refuse = (what: string) => {
    throw new CannotInteract(`${custom_id} ${what}.`)
  }
  const given = filled === undefined ? [] : [filled].flat()
  const files = given.filter(isFile)
  if (files.length < given.length) return refuse('takes files')
  const least = required || files.length > 0 ? min_values : 0
  if (files.length < least) return refuse(`takes at least ${least}`)
  if (files.length > max_values) return refuse(`takes at most ${max_values}`)
  return { values: files.map((file) => resolved.attachment(file)) }
}

function valuesOf(component: Component, filled: Filled | undefined, resolved: Resolved): { values: string[] } {
  const given = filled === undefined ? [] : [filled].flat()
  if (given.some(isFile)) throw new CannotInteract(`${component.custom_id} takes no files.`)
  const values = given.map(String)
  const { required = true, min_values = 1, max_values = component.options?.length ?? 1 } = component
  const least = required ? Math.max(1, min_values) : 0
  checkChosen({ ...component, max_values }, values, resolved, least)
  return { values }
}

/** https://docs.discord.com/developers/interactions/receiving-and-responding#interaction-object-modal-submit-data-structure */
function submitted(component: Component, fields: Readonly<Record<string, Filled>>, resolved: Resolved): object {
  const { type, id, custom_id = '' } = component
  const said = { type, id, custom_id }
  const filled = fields[custom_id]
  if (type === Type.TextInput) return { ...said, ...textOf(component, filled) }
  if (type === Type.Checkbox) return { ...said, value: filled === true }
  if (type === Type.FileUpload) return { ...said, ...filesOf(component, filled, resolved) }
  const { values } = valuesOf(component, filled, resolved)
  return type === Type.RadioGroup ? { ...said, value: values[0] ?? null } : { ...said, values }
}

/** Somebody sends the form that the bot has opened before them. */
export function sendForm(context: RestContext, use: FormUse, resolved: Resolved) {
  const opened = openForm(context, use)
  const fields = use.fields ?? fieldsOf(use.components ?? [])
  const form = opened.form?.components ?? []
  const known = new Set(within(form).map(({ component }) => component.custom_id))
  const unknown = Object.keys(fields).find((name) => !known.has(name))
  if (unknown !== undefined) throw new CannotInteract(`The form has no field ${unknown}.`)
  const components = form.map(({ type, id, components: inRow, component: labelled }) => ({
    type,
    id,
    ...(inRow && { components: inRow.map((child) => submitted(child, fields, resolved)) }),
    ...(labelled && { component: submitted(labelled, fields, resolved) }),
  }))
  // It is sent once.
  opened.form = undefined
  const message =
    opened.messageId === undefined ? undefined : messageAt(context, opened.channelId, opened.messageId)?.message
  return { data: { custom_id: use.modal, components, ...resolved.shown() }, message, openedBy: opened }
}
