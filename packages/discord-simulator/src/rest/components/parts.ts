import { ButtonStyle, ComponentType as Type } from 'discord-api-types/v10'
import { z } from 'zod'
import { isEmoji } from '../emoji.ts'
import { blame, list, maybe, snowflake, text } from '../form.ts'

/*
 * Components as bots write them: https://docs.discord.com/developers/components/reference
 * What a message or a form may be made of stands in files of its own.
 */

/** A component of any kind, with what Discord adds if it was left out. */
export interface Component {
  type: Type
  id?: number | undefined
  custom_id?: string | undefined
  disabled?: boolean | undefined
  components?: Component[] | undefined
  accessory?: Component | undefined
  component?: Component | undefined
  options?: { label: string; value: string }[] | undefined
  min_values?: number | undefined
  max_values?: number | undefined
  [field: string]: unknown
}

export type Shapes = Readonly<Partial<Record<number, z.ZodType>>>

/** How Discord writes a list of types: with a comma behind the only one. */
const written = (types: readonly string[]) => `(${types.join(', ')}${types.length === 1 ? ',' : ''})`

/** A component that is one of these, told by its `type`. */
export function oneOf(shapes: () => Shapes): z.ZodType<Component> {
  return z.unknown().transform((value, context) => {
    const known = shapes()
    const type: unknown = value instanceof Object ? Reflect.get(value, 'type') : undefined
    const shape = typeof type === 'number' ? known[type] : undefined
    if (!shape) {
      const message = `Value of field "type" must be one of ${written(Object.keys(known))}.`
      context.addIssue({ code: 'custom', ...blame('UNION_TYPE_CHOICES', message) })
      return z.NEVER
    }
    const read = shape.safeParse(value)
    if (read.success) return read.data as Component
    for (const issue of read.error.issues) context.issues.push({ ...issue, input: undefined })
    return z.NEVER
  })
}

const schemesOf = (schemes: readonly string[]) => schemes.map((scheme) => `'${scheme}'`).join(', ')

/** A URL of one of these schemes. */
export const url = (max: number, ...schemes: readonly string[]): z.ZodType<string> =>
  text(max, 1).superRefine((value, context) => {
    const scheme = URL.canParse(value) ? new URL(value).protocol.slice(0, -1) : undefined
    if (scheme === undefined) {
      context.addIssue({ code: 'custom', ...blame('URL_TYPE_INVALID_URL', 'Not a well formed URL.') })
    } else if (!schemes.includes(scheme)) {
      const message = `Scheme "${scheme}" is not supported. Scheme must be one of (${schemesOf(schemes)}).`
      context.addIssue({ code: 'custom', ...blame('URL_TYPE_INVALID_SCHEME', message) })
    }
  })

/** Where a picture or a file is, out there or among what is uploaded with it. */
export const media = z.looseObject({ url: url(2_048, 'http', 'https', 'attachment') })

const or = <T>(shape: z.ZodType<T>, otherwise: T) => maybe(shape).transform((value) => value ?? otherwise)

export const base = { type: z.int(), id: maybe(z.int().min(0)) }
export const customId = text(100, 1)
/** One of a server's by its id, or the character itself. */
const emoji = z
  .looseObject({ id: maybe(snowflake), name: maybe(text(100)), animated: maybe(z.boolean()) })
  .refine(({ id, name }) => id !== undefined || name === undefined || isEmoji(name), {
    path: ['name'],
    ...blame('COMPONENT_INVALID_EMOJI', 'Invalid emoji'),
  })

/** https://docs.discord.com/developers/components/reference#button */
export const button = z
  .looseObject({
    ...base,
    style: z.enum(ButtonStyle),
    label: maybe(text(80)),
    emoji: maybe(emoji),
    custom_id: maybe(customId),
    url: maybe(url(512, 'http', 'https', 'discord')),
    sku_id: maybe(snowflake),
    disabled: maybe(z.boolean()),
  })
  .superRefine(({ style, label, emoji: picture, custom_id, url: link, sku_id }, context) => {
    const add = (field: string, code: string, message: string) =>
      context.addIssue({ code: 'custom', path: [field], params: { code, message } })
    const isLink = style === ButtonStyle.Link
    const isPremium = style === ButtonStyle.Premium
    if (isLink && link === undefined) add('url', 'BUTTON_COMPONENT_URL_REQUIRED', 'A url is required')
    if (isPremium && sku_id === undefined) add('sku_id', 'BUTTON_COMPONENT_SKU_ID_REQUIRED', 'A sku id is required')
    if (!isLink && !isPremium && custom_id === undefined) {
      add('custom_id', 'BUTTON_COMPONENT_CUSTOM_ID_REQUIRED', 'A custom id is required')
    }
    if ((isLink || isPremium) && custom_id !== undefined) {
      add('custom_id', 'BUTTON_COMPONENT_INVALID_CUSTOM_ID', 'A custom id cannot be specified for this style')
    }
    if (!isLink && link !== undefined) {
      add('url', 'BUTTON_COMPONENT_INVALID_URL', 'A url cannot be specified for this style')
    }
    const isBlank = !label && !picture
    if (!isPremium && isBlank) add('label', 'BUTTON_COMPONENT_LABEL_REQUIRED', 'A label or emoji is required')
    if (isPremium && !isBlank) {
      add('label', 'BUTTON_COMPONENT_INVALID_LABEL', 'A label and emoji cannot be specified for this style')
    }
  })

const menu = {
  ...base,
  custom_id: customId,
  placeholder: maybe(text(150)),
  min_values: or(z.int().min(0).max(25), 1),
  max_values: or(z.int().min(1).max(25), 1),
  disabled: maybe(z.boolean()),
  required: maybe(z.boolean()),
}

const fewerThanMost = blame('SELECT_COMPONENT_MIN_VALUES_INVALID', 'Must be no more than max_values.')

export const choices = <T extends { value: string }>(each: z.ZodType<T>, min: number, max: number): z.ZodType<T[]> =>
  list(each, min, max).superRefine((options, context) => {
    for (const [index, { value }] of options.entries()) {
      if (options.findIndex((option) => option.value === value) === index) continue
      const fault = blame('SELECT_COMPONENT_OPTION_VALUE_DUPLICATED', 'The specified option value is already used')
      context.addIssue({ code: 'custom', path: [index, 'value'], ...fault })
    }
  })

const menuOption = z.looseObject({
  label: text(100, 1),
  value: text(100, 1),
  description: maybe(text(100)),
  emoji: maybe(emoji),
  default: maybe(z.boolean()),
})

const stringMenu = z
  .looseObject({ ...menu, options: choices(menuOption, 1, 25) })
  .refine(({ min_values, max_values }) => min_values <= max_values, { path: ['min_values'], ...fewerThanMost })
  .superRefine(({ options, max_values }, context) => {
    if (options.length === 0 || options.length >= max_values) return
    const fault = blame('BASE_TYPE_BAD_LENGTH', `Must be between ${max_values} and 25 in length.`)
    context.addIssue({ code: 'custom', path: ['options'], ...fault })
  })

const otherMenu = z
  .looseObject({
    ...menu,
    default_values: maybe(z.array(z.looseObject({ id: snowflake, type: z.enum(['user', 'role', 'channel']) })).max(25)),
    channel_types: maybe(z.array(z.int())),
  })
  .refine(({ min_values, max_values }) => min_values <= max_values, { path: ['min_values'], ...fewerThanMost })

/** https://docs.discord.com/developers/components/reference#string-select and the menus after it */
export const MENUS: Shapes = {
  [Type.StringSelect]: stringMenu,
  [Type.UserSelect]: otherMenu,
  [Type.RoleSelect]: otherMenu,
  [Type.MentionableSelect]: otherMenu,
  [Type.ChannelSelect]: otherMenu,
}

/** https://docs.discord.com/developers/components/reference#text-display */
export const textDisplay = z.looseObject({ ...base, content: text(4_000, 1) })

const spoiler = or(z.boolean(), false)
const described = text(1_024)
  .nullish()
  .transform((value) => value ?? null)

/** https://docs.discord.com/developers/components/reference#thumbnail */
export const thumbnail = z.looseObject({ ...base, media, description: described, spoiler })

/** https://docs.discord.com/developers/components/reference#media-gallery */
export const gallery = z.looseObject({
  ...base,
  items: list(z.looseObject({ media, description: described, spoiler }), 1, 10),
})

/** Only what is uploaded with the message: https://docs.discord.com/developers/components/reference#file */
export const file = z.looseObject({ ...base, file: z.looseObject({ url: url(2_048, 'attachment') }), spoiler })

/** https://docs.discord.com/developers/components/reference#separator */
export const separator = z.looseObject({
  ...base,
  divider: or(z.boolean(), true),
  spacing: or<1 | 2>(z.literal([1, 2]), 1),
})
