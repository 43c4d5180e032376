import { ApplicationCommandOptionType as Type } from 'discord-api-types/v10'
import type { OptionBody } from '../commands/option-body.ts'
import type { GivenOption } from './body.ts'
import { CannotInteract } from './cannot-interact.ts'
import type { Resolved } from './resolved.ts'

/*
 * What somebody fills in, held against what the command asks for: a client of Discord's sends nothing else.
 * https://docs.discord.com/developers/interactions/application-commands#application-command-object-application-command-option-structure
 */

export interface FilledOption {
  name: string
  type: number
  value?: string | number | boolean
  focused?: true
  options?: FilledOption[]
}

const NESTED: ReadonlySet<number> = new Set([Type.Subcommand, Type.SubcommandGroup])
const isNested = ({ type }: { type: number }) => NESTED.has(type)

/** Whole numbers as far as a client lets one type: https://docs.discord.com/developers/interactions/application-commands#application-command-object-application-command-option-type */
const isInteger = (value: unknown) => typeof value === 'number' && Number.isSafeInteger(value)

const isOfType: Readonly<Partial<Record<number, (value: unknown) => boolean>>> = {
  [Type.String]: (value) => typeof value === 'string',
  [Type.Integer]: isInteger,
  [Type.Number]: (value) => typeof value === 'number',
  [Type.Boolean]: (value) => typeof value === 'boolean',
}

/** What an id stands for, or false for what is not there. */
function isThere({ type, channel_types }: OptionBody, id: string, resolved: Resolved): boolean {
  if (type === Type.User) return resolved.user(id)
  if (type === Type.Role) return resolved.role(id)
  if (type === Type.Channel) return resolved.channel(id, channel_types)
  return type === Type.Mentionable && (resolved.user(id) || resolved.role(id))
}

function checkValue(known: OptionBody, value: unknown, resolved: Resolved): void {
  const { name, type, choices } = known
  const refuse = (what: string) => {
    throw new CannotInteract(`The option ${name} ${what}.`)
  }
  const fits = isOfType[type]
  if (fits && !fits(value)) return refuse(`takes no ${JSON.stringify(value)}: it is of type ${type}`)
  if (!fits && !(typeof value === 'string' && isThere(known, value, resolved))) return refuse('names nothing here')
  if (choices?.length && !choices.some((choice) => choice.value === value)) return refuse('has no such choice')
  if (typeof value === 'number') {
    if (value < (known.min_value ?? -Infinity)) return refuse(`is at least ${known.min_value}`)
    if (value > (known.max_value ?? Infinity)) return refuse(`is at most ${known.max_value}`)
  } else if (typeof value === 'string' && type === Type.String) {
    const length = Array.from(value).length
    if (length < (known.min_length ?? 0)) return refuse(`has at least ${known.min_length} characters`)
    if (length > (known.max_length ?? 6_000)) return refuse(`has at most ${known.max_length ?? 6_000} characters`)
  }
  return undefined
}

/** The id of the file that is an option's value. */
function sentAlong({ name }: OptionBody, { file }: GivenOption, resolved: Resolved): string {
  if (!file) throw new CannotInteract(`The option ${name} takes a \`file\`.`)
  return resolved.attachment(file)
}

/** The option that a client is asked about while it is typed, as far as it is typed. */
function checkTyped({ name, autocomplete }: OptionBody): void {
  if (!autocomplete) throw new CannotInteract(`The option ${name} is not completed by the bot.`)
}

/**
 * Options with their types, once they have been held against the command; what is resolved on the way is added.
 *
 * @param isTyping whether one of them is still being typed: then what is required may be missing
 */
export function fillIn(
  given: readonly GivenOption[],
  known: readonly OptionBody[],
  resolved: Resolved,
  isTyping: boolean,
): FilledOption[] {
  const unknown = given.find(({ name }) => !known.some((option) => option.name === name))
  if (unknown) throw new CannotInteract(`There is no option ${unknown.name}.`)
  const twice = given.find(({ name }, index) => given.findIndex((option) => option.name === name) < index)
  if (twice) throw new CannotInteract(`The option ${twice.name} is given twice.`)
  if (known.some(isNested) && given.length !== 1) {
    throw new CannotInteract(`One of these is to follow: ${known.map(({ name }) => name).join(', ')}.`)
  }
  const missing = known.find(({ name, required }) => required && !given.some((option) => option.name === name))
  if (missing && !isTyping) throw new CannotInteract(`The option ${missing.name} is required.`)
  return known.flatMap((option): FilledOption[] => {
    const filled = given.find(({ name }) => name === option.name)
    if (!filled) return []
    const { name, type } = option
    if (filled.type !== undefined && filled.type !== type) {
      throw new CannotInteract(`The option ${name} is of type ${type}.`)
    }
    if (isNested(option)) {
      return [{ name, type, options: fillIn(filled.options ?? [], option.options ?? [], resolved, isTyping) }]
    }
    if (filled.options) throw new CannotInteract(`The option ${name} has no options of its own.`)
    if (filled.focused && isTyping) {
      checkTyped(option)
      // What is being typed is text, whatever it will be: https://docs.discord.com/developers/interactions/application-commands#autocomplete
      return [{ name, type, value: String(filled.value ?? ''), focused: true as const }]
    }
    if (type === Type.Attachment) return [{ name, type, value: sentAlong(option, filled, resolved) }]
    if (filled.file) throw new CannotInteract(`The option ${name} takes no file.`)
    checkValue(option, filled.value, resolved)
    return [{ name, type, ...(filled.value !== undefined && { value: filled.value }) }]
  })
}

/** The option that is being typed; it must be one. */
export function focusedOf(options: readonly FilledOption[]): FilledOption {
  const found = options.flatMap((option) =>
    option.options ? option.options.flatMap((inner) => inner.options ?? inner) : option,
  )
  const [focused, other] = found.filter((option) => option.focused)
  if (!focused || other) throw new CannotInteract('One option is to be `focused`: the one that is being typed.')
  return focused
}
