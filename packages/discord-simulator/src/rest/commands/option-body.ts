import { ApplicationCommandOptionType as Option, Locale } from 'discord-api-types/v10'
import { z } from 'zod'
import { blame, maybe, text } from '../form.ts'

/*
 * The options of a command, as a bot writes them:
 * https://docs.discord.com/developers/interactions/application-commands#application-command-object-application-command-option-structure
 */

/** https://docs.discord.com/developers/interactions/application-commands#application-command-object-application-command-naming */
const NAME = /^[-_'\p{L}\p{N}\p{sc=Deva}\p{sc=Thai}]{1,32}$/u
/** Where a letter has a small form, it is to be used. */
export const isChatName = (name: string): boolean => NAME.test(name) && name === name.toLowerCase()

const INVALID_NAME = blame('APPLICATION_COMMAND_INVALID_NAME', 'Command name is invalid')
export const chatName = z.string().refine(isChatName, INVALID_NAME)

const LOCALES: readonly string[] = Object.values(Locale)
const UNKNOWN_LOCALE = blame(
  'BASE_TYPE_CHOICES',
  `Value must be one of (${LOCALES.map((each) => `'${each}'`).join(', ')}).`,
)

/** By locale: https://docs.discord.com/developers/reference#locales */
export const localizations = <T extends string>(each: z.ZodType<T>): z.ZodType<Partial<Record<Locale, T>> | null> =>
  z
    .record(z.string(), each)
    .superRefine((said, context) => {
      for (const locale of Object.keys(said).filter((key) => !LOCALES.includes(key))) {
        context.addIssue({ code: 'custom', path: [locale], ...UNKNOWN_LOCALE })
      }
    })
    .nullish()
    .transform((value) => value ?? null)

/** How many options a command, and choices an option, may have. */
const MOST = 25

const choice = z.looseObject({
  name: text(100, 1),
  name_localizations: localizations(text(100, 1)),
  value: z.union([text(100), z.number()]),
})

export interface OptionBody {
  type: Option
  name: string
  description: string
  required?: boolean | undefined
  autocomplete?: boolean | undefined
  choices?: { name: string; value: string | number }[] | undefined
  options?: OptionBody[] | undefined
  channel_types?: number[] | undefined
  min_value?: number | undefined
  max_value?: number | undefined
  min_length?: number | undefined
  max_length?: number | undefined
}

const IN_GROUP: ReadonlySet<Option> = new Set([Option.Subcommand])
const NESTED: ReadonlySet<Option> = new Set([Option.Subcommand, Option.SubcommandGroup])
const WITH_CHOICES: ReadonlySet<Option> = new Set([Option.String, Option.Integer, Option.Number])

type Issue = (path: PropertyKey[], code: string, message: string) => void

function checkChoices(option: OptionBody, at: PropertyKey[], add: Issue): void {
  const { type, choices } = option
  if (!WITH_CHOICES.has(type)) {
    if (choices?.length || option.autocomplete) {
      add(at, 'APPLICATION_COMMAND_OPTIONS_TYPE_INVALID', 'This option type takes neither choices nor autocomplete')
    }
    return
  }
  if (choices?.length && option.autocomplete) {
    add([...at, 'autocomplete'], 'APPLICATION_COMMAND_OPTIONS_AUTOCOMPLETE_INVALID', 'Choices exclude autocomplete')
  }
  for (const [index, { value }] of (choices ?? []).entries()) {
    const isOfType = type === Option.String ? typeof value === 'string' : typeof value === 'number'
    const isWhole = type !== Option.Integer || Number.isInteger(value)
    if (isOfType && isWhole) continue
    const code = 'APPLICATION_COMMAND_OPTIONS_CHOICES_VALUE_INVALID'
    add([...at, 'choices', index, 'value'], code, 'The value does not fit the type of the option')
  }
}

/**
 * What the options of one level must be to each other: their names differ, the required ones come first, and subcommands
 * stand among nothing else.
 *
 * @param allowed which nested options may stand here
 */
export function checkOptions(
  options: readonly OptionBody[],
  at: PropertyKey[],
  add: Issue,
  allowed: ReadonlySet<Option> = NESTED,
): void {
  const isNested = options.some(({ type }) => NESTED.has(type))
  const seen = new Set<string>()
  let isOptional = false
  for (const [index, option] of options.entries()) {
    const here = [...at, index]
    if (seen.has(option.name)) {
      const message = `Option name ${option.name} is already used in these options`
      add(here, 'APPLICATION_COMMAND_OPTIONS_NAME_INVALID', message)
    }
    seen.add(option.name)
    const fits = NESTED.has(option.type) ? allowed.has(option.type) : !isNested && allowed !== IN_GROUP
    if (!fits) {
      const message = 'Sub-command and sub-command group option types are mutually exclusive to all other types'
      add(here, 'APPLICATION_COMMAND_OPTIONS_TYPE_INVALID', message)
    }
    if (option.required && isOptional) {
      const message = 'Required options must be placed before non-required options'
      add(here, 'APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID', message)
    }
    if (!option.required) isOptional = true
    checkChoices(option, here, add)
    const inner = option.type === Option.SubcommandGroup ? IN_GROUP : new Set<Option>()
    if (NESTED.has(option.type)) checkOptions(option.options ?? [], [...here, 'options'], add, inner)
  }
}

export const option: z.ZodType<OptionBody> = z.lazy(() =>
  z.looseObject({
    type: z.int().min(1).max(11),
    name: chatName,
    name_localizations: localizations(chatName),
    description: text(100, 1),
    description_localizations: localizations(text(100, 1)),
    required: maybe(z.boolean()),
    autocomplete: maybe(z.boolean()),
    choices: maybe(z.array(choice).max(MOST)),
    options: maybe(z.array(option).max(MOST)),
    channel_types: maybe(z.array(z.int().min(0).max(16))),
    min_value: maybe(z.number()),
    max_value: maybe(z.number()),
    min_length: maybe(z.int().min(0).max(6_000)),
    max_length: maybe(z.int().min(1).max(6_000)),
  }),
)
export const options: z.ZodType<OptionBody[]> = z.array(option).max(MOST)
