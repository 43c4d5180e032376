import { ComponentType as Type } from 'discord-api-types/v10'
import { z } from 'zod'
import { refusal } from '../errors.ts'
import type { FieldError } from '../errors.ts'
import { isFilled, list, maybe } from '../form.ts'
import { MENUS, base, button, file, gallery, oneOf, separator, textDisplay, thumbnail } from './parts.ts'
import type { Component, Shapes } from './parts.ts'
import { refuseFaults, repeatedIds, within } from './within.ts'

/*
 * What a message may be made of. Without the flag IS_COMPONENTS_V2 that is rows of buttons and menus, below what is
 * written; with it everything is a component.
 * https://docs.discord.com/developers/components/reference#legacy-message-component-behavior
 */

const ROWS = 5
/** Nested ones too: https://docs.discord.com/developers/components/overview */
const COMPONENTS = 40
/** Of all text displays together: https://docs.discord.com/developers/components/reference#text-display */
const CHARACTERS = 4_000

const WIDTH = 5
const isMenu = ({ type }: Component) => type in MENUS

/** A row has room for five buttons or for one menu: https://docs.discord.com/developers/components/reference#action-row */
const row = z
  .looseObject({
    ...base,
    components: list(
      oneOf(() => ({ [Type.Button]: button, ...MENUS })),
      1,
      WIDTH,
    ),
  })
  .superRefine(({ components }, context) => {
    let width = 0
    for (const [index, component] of components.entries()) {
      width += isMenu(component) ? WIDTH : 1
      if (width <= WIDTH) continue
      const params = {
        code: 'COMPONENT_LAYOUT_WIDTH_EXCEEDED',
        message: 'The specified component exceeds the maximum width',
      }
      context.addIssue({ code: 'custom', path: ['components', index], params })
    }
  })

/** https://docs.discord.com/developers/components/reference#section */
const section = z.looseObject({
  ...base,
  components: list(
    oneOf(() => ({ [Type.TextDisplay]: textDisplay })),
    1,
    3,
  ),
  accessory: oneOf(() => ({ [Type.Button]: button, [Type.Thumbnail]: thumbnail })),
})

const INNER: Shapes = {
  [Type.ActionRow]: row,
  [Type.Section]: section,
  [Type.TextDisplay]: textDisplay,
  [Type.MediaGallery]: gallery,
  [Type.File]: file,
  [Type.Separator]: separator,
}

/** https://docs.discord.com/developers/components/reference#container */
const container = z.looseObject({
  ...base,
  components: list(
    oneOf(() => INNER),
    1,
    COMPONENTS,
  ),
  accent_color: z
    .int()
    .min(0)
    .max(0xffffff)
    .nullish()
    .transform((value) => value ?? null),
  spoiler: maybe(z.boolean()).transform((value) => value ?? false),
})

/** Whatever a message may have, with the flag or without; {@link componentFaults} says which it is. */
export const messageComponents: z.ZodType<Component[]> = z.array(
  oneOf(() => ({ ...INNER, [Type.Container]: container })),
)

const is = (path: readonly PropertyKey[], code: string, message: string): FieldError => ({ path, code, message })

function ofRows(components: readonly Component[]): FieldError[] {
  if (components.length > ROWS) return [is([], 'BASE_TYPE_BAD_LENGTH', `Must be between 1 and ${ROWS} in length.`)]
  return components.flatMap(({ type }, index) =>
    type === Type.ActionRow ? [] : is([index], 'UNION_TYPE_CHOICES', 'Value of field "type" must be one of (1,).'),
  )
}

function ofFlagged(components: readonly Component[]): FieldError[] {
  const all = within(components)
  if (all.length > COMPONENTS) {
    return [is([], 'COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED', `The total number of components exceeds ${COMPONENTS}`)]
  }
  const texts = all.flatMap(({ component }) =>
    component.type === Type.TextDisplay ? [String(component['content'])] : [],
  )
  if (Array.from(texts.join('')).length <= CHARACTERS) return []
  const message = `The total length of text displays exceeds ${CHARACTERS}`
  return [is([], 'COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED', message)]
}

/** Refuses what the components of a message must not be together, with the flag IS_COMPONENTS_V2 or without. */
export function checkComponents(components: readonly Component[], isFlagged: boolean): void {
  refuseFaults([...(isFlagged ? ofFlagged(components) : ofRows(components)), ...repeatedIds(components)])
}

/** What says something else than the components, and cannot stand beside them. */
const LEGACY = ['content', 'embeds', 'poll', 'sticker_ids']

/** Refuses what a message with the flag IS_COMPONENTS_V2 says besides. */
export function checkAlone(said: object): void {
  const fields = LEGACY.filter((field) => isFilled(Reflect.get(said, field)))
  if (fields.length === 0) return
  const code = 'MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2'
  const words = (field: string) => `The '${field}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2`
  throw refusal.invalidForm(fields.map((field) => is([field], code, words(field))))
}
