import { z } from 'zod'
import { SnowflakeSchema } from '../snowflake.ts'
import { MESSAGE_MAX_CHARACTERS, MESSAGE_MAX_FILES, textSchema } from '../text.ts'

/** As many as Discord has, and some for those that it adds. */
const LOCALES_MAX = 50

/** An object of Discord's, as it wrote it. */
export const RawSchema = z.record(z.string(), z.unknown())

/**
 * The same, with the type that Discord documents, what it is called and which page of
 * https://docs.discord.com/developers says more. What it is made of is Discord's to say, and is neither checked nor cut, so
 * that a field it adds tomorrow comes through.
 */
export const discordObject = <Type>(title: string, page: string): z.ZodType<Type, Type> =>
  RawSchema.meta({ title, description: `https://docs.discord.com/developers/${page}` }) as unknown as z.ZodType<
    Type,
    Type
  >

/** A record of at most so many fields, whatever they are called, or of such names. */
export const recordOf = <Value extends z.ZodType>(value: Value, max: number, name = z.string()) =>
  z
    .record(name, value)
    .refine((record) => Object.keys(record).length <= max, `expected at most ${max} fields`)
    .meta({ maxProperties: max })

/** A text in other languages, by locale, null for none of its own: https://docs.discord.com/developers/reference#locales */
export const localizedSchema = (max: number) =>
  recordOf(textSchema(1, max).nullable().optional(), LOCALES_MAX).nullable()

/**
 * The same schema, which passes over what Discord tells of such an object and takes from nobody: what was read of it can so be
 * sent back as it is. Its JSON Schema has these as `readOnly`. What neither Discord nor the schema knows is an unknown field as ever.
 */
export function passingOver<Schema extends z.ZodObject, const Key extends string>(
  schema: Schema,
  keys: readonly Key[],
) {
  const passed: ReadonlySet<string> = new Set(keys)
  const anything = z.unknown().optional().meta({ readOnly: true })
  const whole = schema.extend(Object.fromEntries(keys.map((key) => [key, anything])))
  const others = (value: object) => Object.fromEntries(Object.entries(value).filter(([key]) => !passed.has(key)))
  return whole.transform(others) as unknown as z.ZodType<
    z.output<Schema>,
    z.input<Schema> & { [Name in Key]?: unknown }
  >
}

/**
 * The same schema, whose payloads may have a wider type too: the one that discord-api-types has, where it allows what Discord
 * refuses. What is taken stays the same.
 */
export const typedToo =
  <Wider>() =>
  <Schema extends z.ZodType>(schema: Schema) =>
    schema as unknown as z.ZodType<z.output<Schema>, z.input<Schema> | Wider>

export const success = z.literal(true)

export const ok = z.object({ success })

/** A reaction's emoji: Unicode, or `name:id` of a server's own. It is a part of the path, where dots alone lead elsewhere. */
export const EmojiSchema = textSchema(1, 64).regex(
  /^(?!\.{1,2}$)[^/\s]+$/,
  'expected an emoji, or name:id of a server’s own',
)

/** A webhook's or an interaction's secret. It is a part of the path, where dots alone lead elsewhere. */
export const RouteTokenSchema = z.string().regex(/^(?!\.{1,2}$)[\w.~+=-]{1,512}$/, 'expected a token of Discord’s')

/** Who may be notified; as Discord's object. Without it Discord parses the content for all mentions. */
export const AllowedMentionsSchema = z.strictObject({
  parse: z
    .array(z.enum(['roles', 'users', 'everyone']))
    .max(3)
    .optional(),
  roles: z.array(SnowflakeSchema).max(100).optional(),
  users: z.array(SnowflakeSchema).max(100).optional(),
  replied_user: z.boolean().optional(),
})

export const ContentSchema = textSchema(1, MESSAGE_MAX_CHARACTERS)

/** Of a message that there is: empty, as null, takes it away. */
export const EditedContentSchema = textSchema(0, MESSAGE_MAX_CHARACTERS)

/** A bit set, in decimal digits as Discord writes it. */
export const PermissionsSchema = z
  .string()
  .regex(/^\d{1,20}$/, 'expected permissions, as the decimal digits of a bit set')
  .meta({
    title: 'permissions, as decimal digits',
    description: 'https://docs.discord.com/developers/topics/permissions',
  })

export const TimeSchema = z.iso.datetime({ offset: true })

/** Stands in the server's audit log: https://docs.discord.com/developers/reference#header-x-audit-log-reason */
export const ReasonSchema = textSchema(1, 512)

/** What `POST /uploads` answered: docs/PROTOCOL.md, Uploads. */
export const UploadSchema = z.string().regex(/^upload_[\w-]{22}$/, 'expected the handle of an upload')

/** What a file is called: no path. */
export const FilenameSchema = textSchema(1, 260).regex(
  /^(?!\.{1,2}$|\s*$)[^/\\\p{Cc}]*$/u,
  'expected a name without slashes and control characters, and not of dots or spaces alone',
)

/** A file that is a part of a form, as an upload. */
export const FormFileSchema = z.strictObject({
  upload: UploadSchema,
  /** Default: the upload's. */
  filename: FilenameSchema.optional(),
})

/** A file that goes with a message. */
export const FileSchema = FormFileSchema.extend({
  /** For who does not see it. */
  description: textSchema(1, 1_024).optional(),
  /** Shown only to who asks for it. */
  is_spoiler: z.boolean().optional(),
})

export const FilesSchema = z.array(FileSchema).min(1).max(MESSAGE_MAX_FILES)

export const UploadedPictureSchema = z.strictObject({ upload: UploadSchema })

const PICTURE = 'expected an upload, or data:image/png;base64,…'

/** A picture that is small enough for the link may stand in the payload: https://docs.discord.com/developers/reference#image-data */
export const ImageSchema = z.union(
  [z.string().regex(/^data:image\/(?:png|jpeg|gif|webp|avif);base64,[\w+/]+=*$/, PICTURE), UploadedPictureSchema],
  PICTURE,
)
