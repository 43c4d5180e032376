import { ComponentType as Type } from 'discord-api-types/v10'
import { z } from 'zod'
import { blame, list, maybe, readForm, text } from '../form.ts'
import { numbered } from './numbered.ts'
import { MENUS, base, choices, customId, oneOf, textDisplay } from './parts.ts'
import type { Component, Shapes } from './parts.ts'
import { refuseFaults, repeatedIds, within } from './within.ts'

/*
 * The form that a bot answers with:
 * https://docs.discord.com/developers/interactions/receiving-and-responding#interaction-response-object-modal
 */

/** https://docs.discord.com/developers/components/reference#text-input */
const textInput = z.looseObject({
  ...base,
  custom_id: customId,
  style: z.literal([1, 2]),
  label: maybe(text(45, 1)),
  value: maybe(text(4_000)),
  placeholder: maybe(text(100)),
  required: maybe(z.boolean()),
  min_length: maybe(z.int().min(0).max(4_000)),
  max_length: maybe(z.int().min(1).max(4_000)),
})

const inRow = textInput.superRefine(({ label }, context) => {
  if (label !== undefined) return
  context.addIssue({ code: 'custom', path: ['label'], ...blame('BASE_TYPE_REQUIRED', 'This field is required') })
})

const groupOption = z.looseObject({
  label: text(100, 1),
  value: text(100, 1),
  description: maybe(text(100)),
  default: maybe(z.boolean()),
})

const required = maybe(z.boolean())
const field = { ...base, custom_id: customId, required }

const LABELLED: Shapes = {
  ...MENUS,
  [Type.TextInput]: textInput,
  [Type.FileUpload]: z.looseObject({
    ...field,
    min_values: maybe(z.int().min(0).max(10)),
    max_values: maybe(z.int().min(1).max(10)),
  }),
  [Type.RadioGroup]: z.looseObject({ ...field, options: choices(groupOption, 2, 10) }),
  [Type.CheckboxGroup]: z.looseObject({
    ...field,
    options: choices(groupOption, 1, 10),
    min_values: maybe(z.int().min(0).max(10)),
    max_values: maybe(z.int().min(1).max(10)),
  }),
  [Type.Checkbox]: z.looseObject({ ...base, custom_id: customId, default: maybe(z.boolean()) }),
}

/** https://docs.discord.com/developers/components/reference#label */
const label = z.looseObject({
  ...base,
  label: text(45, 1),
  description: maybe(text(100)),
  component: oneOf(() => LABELLED),
})

const row = z.looseObject({
  ...base,
  components: list(
    oneOf(() => ({ [Type.TextInput]: inRow })),
    1,
    1,
  ),
})

const formBody = z.looseObject({
  custom_id: customId,
  title: text(45, 1),
  components: list(
    oneOf(() => ({ [Type.ActionRow]: row, [Type.TextDisplay]: textDisplay, [Type.Label]: label })),
    1,
    5,
  ),
})
export interface FormBody {
  custom_id: string
  title: string
  components: Component[]
}

/** Reads a form, and numbers its components. */
export function readFormBody(input: unknown): FormBody {
  const { custom_id, title, components } = readForm(formBody, input)
  const disabled = within(components).flatMap(({ component, path }) =>
    component.disabled
      ? {
          path: [...path, 'disabled'],
          code: 'COMPONENT_DISABLED_IN_MODAL',
          message: 'Components of a modal cannot be disabled',
        }
      : [],
  )
  refuseFaults([...repeatedIds(components), ...disabled])
  return { custom_id, title, components: numbered(components) }
}
