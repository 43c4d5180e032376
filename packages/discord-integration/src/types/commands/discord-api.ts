import { z } from 'zod'
import { MESSAGE_MAX_FILES } from '../text.ts'
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

/** The ways to what would be an upload in another command, and here would stand in the body as it is. */
function uploadsWithin(value: unknown, path: readonly string[]): (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return []
  if ('upload' in value && UploadSchema.safeParse(value.upload).success) return [path]
  return Object.entries(value).flatMap(([key, one]) => uploadsWithin(one, [...path, key]))
}

/** `files` at the root of a body is Discord's name for nothing. */
const filesWithin = (body: unknown): (readonly string[])[] =>
  typeof body === 'object' && body !== null && 'files' in body ? [['body', 'files']] : uploadsWithin(body, ['body'])

export const discord = {
  discord_api: {
    method: 'discord.api',
    summary: 'Ask anything of Discord’s API, version 10, as the bot: what no other command does.',
    repeatable: 'no',
    // A form that changes a message adds its files.
    repeatableOf: ({ method, form }) =>
      method === 'GET' ? 'read' : method === 'POST' || (method === 'PATCH' && form !== undefined) ? 'no' : 'idempotent',
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
        /** Uploads by the names of their parts: with them the body is a form, in which its fields are parts of their own. */
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
      .superRefine(({ body }, context) => {
        for (const path of filesWithin(body)) {
          context.addIssue({
            code: 'custom',
            path: [...path],
            message: 'expected no upload: those go in `form`, by the names of their parts',
          })
        }
      }),
    /** `body` is null where Discord's answer has none, and the text where it is that, as CSV. */
    result: z.object({ success, status: z.int(), body: z.unknown() }),
  },
} as const satisfies Record<string, CommandDefinition>
