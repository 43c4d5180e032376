import { z } from 'zod'
import { isSnowflake } from '../snowflake.ts'
import { isoTime } from '../world/compose.ts'
import { refusal } from './errors.ts'
import type { FieldError } from './errors.ts'

/*
 * Forms as Discord reads them. Its errors carry codes of their own (BASE_TYPE_MAX_LENGTH and the like), which zod does not
 * know: schemas here state them where zod's own issue would not tell which it is.
 */

type Blame = Pick<FieldError, 'code' | 'message'>

const blame = (code: string, message: string) => ({ params: { code, message } satisfies Blame })

/** Discord counts code points, not UTF-16 units. */
const codePoints = (value: string) => Array.from(value).length

/** Text of at most, or of between, so many characters. */
export function text(max: number, min = 0): z.ZodType<string> {
  const fault = min === 0 ? blame('BASE_TYPE_MAX_LENGTH', `Must be ${max} or fewer in length.`) : isOf(min, max)
  return z.string().refine((value) => codePoints(value) >= min && codePoints(value) <= max, fault)
}

const isOf = (min: number, max: number) => blame('BASE_TYPE_BAD_LENGTH', `Must be between ${min} and ${max} in length.`)

/** A list of between so many things. */
export const list = <T>(of: z.ZodType<T>, min: number, max: number): z.ZodType<T[]> =>
  z.array(of).refine(({ length }) => length >= min && length <= max, isOf(min, max))

/** An id in a body. Numbers are taken too, as Discord does. */
export const snowflake: z.ZodType<string> = z
  .union([z.string(), z.int().transform(String)])
  .superRefine((value, context) => {
    if (!isSnowflake(value)) context.addIssue({ code: 'custom', ...notSnowflake(value) })
  })

const notSnowflake = (value: string) => blame('NUMBER_TYPE_COERCE', `Value "${value}" is not snowflake.`)

/** A whole number in a query. */
export function integer(min: number, max: number): z.ZodType<number> {
  return z.string().transform((value, context) => {
    const number = /^-?\d+$/.test(value) ? Number(value) : NaN
    if (Number.isNaN(number)) {
      context.addIssue({ code: 'custom', ...blame('NUMBER_TYPE_COERCE', `Value "${value}" is not int.`) })
    } else if (number < min) {
      const message = `int value should be greater than or equal to ${min}.`
      context.addIssue({ code: 'custom', ...blame('NUMBER_TYPE_MIN', message) })
    } else if (number > max) {
      const message = `int value should be less than or equal to ${max}.`
      context.addIssue({ code: 'custom', ...blame('NUMBER_TYPE_MAX', message) })
    }
    return number
  })
}

/** Date, time and zone, of which the last two may be missing: https://docs.discord.com/developers/reference#iso8601-date-time */
const ISO8601 = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?)(Z|[+-]\d\d:?\d\d)?)?$/i

const FIRST_MS = Date.parse('0001-01-01T00:00:00Z')
const LAST_MS = Date.parse('9999-12-31T23:59:59.999Z')

/** In milliseconds since the Unix epoch, or NaN. Without a zone it is UTC, wherever this machine is. */
function msOf(given: string): number {
  const [, day = '', time = '00:00', zone = 'Z'] = ISO8601.exec(given) ?? []
  const isDay = new Date(`${day}T00:00Z`).getTime()
  // Date takes the 30th of February for the 2nd of March.
  if (Number.isNaN(isDay) || !isoTime(isDay).startsWith(day)) return Number.NaN
  const ms = Date.parse(`${day}T${time}${zone.replace(/(\d\d):?(\d\d)$/, '$1:$2').toUpperCase()}`)
  // An offset may lead out of the years that can be written.
  return ms >= FIRST_MS && ms <= LAST_MS ? ms : Number.NaN
}

/** A moment, as Discord writes it. */
export const moment: z.ZodType<string> = z.string().transform((value, context) => {
  const ms = msOf(value)
  if (!Number.isNaN(ms)) return isoTime(ms)
  context.addIssue({ code: 'custom', ...blame('DATE_TIME_TYPE_PARSE', `Could not parse ${value}. Should be ISO8601.`) })
  return z.NEVER
})

/** A field that may be left out, or be null, which Discord takes for the same. */
export const maybe = <T>(shape: z.ZodType<T>) => shape.nullish().transform((value) => value ?? undefined)

/** Whether a field says anything: null, an empty text and an empty list do not. */
export const isFilled = (value: unknown): boolean =>
  Array.isArray(value) || typeof value === 'string' ? value.length > 0 : value != null

export { blame }

const TYPES: Readonly<Record<string, Blame>> = {
  string: { code: 'STRING_TYPE_CONVERT', message: 'Could not interpret the value as string.' },
  boolean: { code: 'BOOLEAN_TYPE_CONVERT', message: 'Must be either true or false.' },
  array: { code: 'LIST_TYPE_CONVERT', message: 'Only iterables may be used in a ListType' },
  object: { code: 'DICT_TYPE_CONVERT', message: 'Only dictionaries may be used in a DictType' },
  number: { code: 'NUMBER_TYPE_COERCE', message: 'Value is not a number.' },
  int: { code: 'NUMBER_TYPE_COERCE', message: 'Value is not int.' },
}

function blameOf(issue: z.core.$ZodIssue, input: unknown): Blame {
  if (issue.code === 'custom' && issue.params) return issue.params as Blame
  const missing = issue.path.reduce<unknown>((level, key) => (level as Record<PropertyKey, unknown>)?.[key], input)
  if (missing === undefined && issue.path.length > 0) {
    return { code: 'BASE_TYPE_REQUIRED', message: 'This field is required' }
  }
  if (issue.code === 'invalid_type') return TYPES[issue.expected] ?? { code: 'BASE_TYPE', message: issue.message }
  const isLength = 'origin' in issue && (issue.origin === 'array' || issue.origin === 'string')
  if (issue.code === 'too_small' && isLength) {
    return { code: 'BASE_TYPE_MIN_LENGTH', message: `Must be ${issue.minimum} or more in length.` }
  }
  if (issue.code === 'too_big' && isLength) {
    return { code: 'BASE_TYPE_MAX_LENGTH', message: `Must be ${issue.maximum} or fewer in length.` }
  }
  if (issue.code === 'too_big') {
    return { code: 'NUMBER_TYPE_MAX', message: `int value should be less than or equal to ${issue.maximum}.` }
  }
  if (issue.code === 'too_small') {
    return { code: 'NUMBER_TYPE_MIN', message: `int value should be greater than or equal to ${issue.minimum}.` }
  }
  if (issue.code === 'invalid_value') {
    return { code: 'BASE_TYPE_CHOICES', message: `Value must be one of {${issue.values.map(String).join(', ')}}.` }
  }
  return { code: 'BASE_TYPE', message: issue.message }
}

/** Reads a form, or throws 50035 naming every field that is wrong. */
export function readForm<T>(shape: z.ZodType<T>, input: unknown): T {
  const read = shape.safeParse(input)
  if (read.success) return read.data
  const faults = read.error.issues.map((issue) => Object.assign(blameOf(issue, input), { path: issue.path }))
  throw refusal.invalidForm(faults)
}
