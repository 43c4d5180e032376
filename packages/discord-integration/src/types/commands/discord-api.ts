import { z } from 'zod'
import { HALF_PAIR, MESSAGE_MAX_FILES } from '../text.ts'
import type { CommandDefinition } from './definition.ts'
import { FormFileSchema, RawSchema, recordOf, ReasonSchema, success, typedToo, UploadSchema } from './fields.ts'

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const

/** One or more segments, of what RFC 3986 lets stand in one as it is, or escaped. */
const PATH = /^(?:\/(?:[\w.~!$&'()*+,;=:@-]|%[\dA-Fa-f]{2})+)+$/

/** What is no segment of its own once it is read: it would lead elsewhere, or end the path. */
// oxlint-disable-next-line no-control-regex
const LEADS_ELSEWHERE = /^\.$|\.\.|[/\\\u0000-\u001f\u007f]/

function staysBelow(path: string): boolean {
  try {
    return path.split('/').every((segment) => !LEADS_ELSEWHERE.test(decodeURIComponent(segment)))
  } catch {
    return false
  }
}

const PathSchema = z
  .string()
  .max(2_048)
  .regex(PATH, 'expected a path such as /channels/81384788765712384, its segments escaped, without a query')
  .refine(staysBelow, 'expected a path whose segments lead nowhere else, and are UTF-8')

/** An interface, as discord-api-types has them, is no record to TypeScript, whatever is in it. */
const likeAnyObject = typedToo<object>()

const PlainSchema = z.union([z.string(), z.number(), z.boolean()])

const PartNameSchema = z
  .string()
  .regex(/^[A-Za-z]\w{0,63}(?:\[\d{1,3}\])?$/, 'expected the name of a part, as file or files[0]')

type Path = readonly string[]

/** The ways to what is wrong in a value, however deep it is in there. */
function waysTo(isWrong: (value: unknown) => boolean, value: unknown, path: Path): Path[] {
  if (isWrong(value)) return [path]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, one]) => waysTo(isWrong, one, [...path, key]))
}

/** What would be an upload in another command, and here would stand in the body as it is. */
const isUpload = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && 'upload' in value && UploadSchema.safeParse(value.upload).success

/** `files` at the root of a body is Discord's name for nothing. */
const filesWithin = (body: unknown): Path[] =>
  typeof body === 'object' && body !== null && 'files' in body ? [['body', 'files']] : waysTo(isUpload, body, ['body'])

/** Of an object the keys are text too. */
const isHalfText = (value: unknown): boolean =>
  typeof value === 'string'
    ? !value.isWellFormed()
    : typeof value === 'object' && value !== null && Object.keys(value).some(isHalfText)

export const discord = {
  discord_api: {
    method: 'discord.api',
    summary: 'Ask anything of Discord’s API, version 10, as the bot: what no other command does.',
    repeatable: 'no',
    // A form that changes a message adds its files.
    repeatableOf: ({ method, form }) =>
      method === 'GET' ? 'read' : method === 'POST' || (method === 'PATCH' && form !== undefined) ? 'no' : 'idempotent',
    repeatableWhen: '`read` for a GET, `no` for a POST and for a PATCH with a `form`, `idempotent` for others',
    guild: null,
    namedOnly: true,
    errors: ['UNKNOWN_CHANNEL', 'MISSING_PERMISSIONS'],
    example: { method: 'GET', path: '/guilds/197038439483310086/preview' },
    payload: z
      .strictObject({
        method: z.enum(METHODS),
        /** Behind `/api/v10`. */
        path: PathSchema,
        query: likeAnyObject(recordOf(z.union([PlainSchema, z.array(PlainSchema).max(100)]), 50)).optional(),
        body: likeAnyObject(z.union([RawSchema, z.array(z.unknown()).max(1_000)])).optional(),
        /**
         * Uploads by the names of their parts: with them the body is a form, in which its fields are parts of their own, and those
         * that are null are left out.
         */
        form: recordOf(FormFileSchema, MESSAGE_MAX_FILES, PartNameSchema)
          .refine((form) => Object.keys(form).length > 0, 'expected an upload')
          .optional(),
        reason: ReasonSchema.optional(),
      })
      .refine(({ method, body }) => method !== 'GET' || body === undefined, {
        error: 'expected a query: a GET has no body',
        path: ['body'],
      })
      .refine(({ method, form }) => method !== 'GET' || form === undefined, {
        error: 'expected a query: a GET has no body',
        path: ['form'],
      })
      .refine(({ body, form }) => !Array.isArray(body) || form === undefined, {
        error: 'expected an object: its fields are parts of the form',
        path: ['body'],
      })
      .superRefine(({ query, body, form = {} }, context) => {
        const refuse = (paths: readonly Path[], message: string) => {
          for (const path of paths) context.addIssue({ code: 'custom', path: [...path], message })
        }
        refuse(filesWithin(body), 'expected no upload: those go in `form`, by the names of their parts')
        refuse([...waysTo(isHalfText, query, ['query']), ...waysTo(isHalfText, body, ['body'])], HALF_PAIR)
        const twice = Object.keys(body ?? {}).filter((name) => Object.hasOwn(form, name))
        const message = 'expected one part of a name: an upload in `form` has it'
        refuse(
          twice.map((name) => ['body', name]),
          message,
        )
      }),
    /** `body` is null where Discord's answer has none, and the text where it is that, as CSV. */
    result: z.object({ success, status: z.int(), body: z.unknown() }),
  },
} as const satisfies Record<string, CommandDefinition>
