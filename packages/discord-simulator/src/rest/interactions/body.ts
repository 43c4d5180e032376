import { ApplicationCommandOptionType, ComponentType } from 'discord-api-types/v10'
import { z } from 'zod'
import { isSnowflake } from '../../snowflake.ts'

const id = z.string().refine(isSnowflake, 'must be a snowflake')
/** What somebody sends along, as text in base64. */
const file = z.strictObject({ name: z.string().min(1).max(1_024), data: z.base64() })
export type GivenFile = z.infer<typeof file>

const plain = z.strictObject({
  name: z.string(),
  type: z.enum(ApplicationCommandOptionType).optional(),
  value: z.union([z.string(), z.number(), z.boolean()]).optional(),
  /** Of an option that takes one: the file. */
  file: file.optional(),
  /** Whether it is the one that is being typed. */
  focused: z.boolean().optional(),
})
/** Options of a command, of its subcommand, of its subcommand in a group. */
const option = plain.extend({ options: z.array(plain.extend({ options: z.array(plain).optional() })).optional() })
export type GivenOption = z.infer<typeof plain> & { options?: readonly GivenOption[] | undefined }

const who = { user_id: id, channel_id: id }
const field = z.union([z.string(), z.boolean(), z.array(z.string()), z.array(file)])

/** What somebody does that the bot is to answer, by the field that says which it is. */
const KINDS = {
  /** They run a command. */
  command: z.strictObject({
    ...who,
    command: z.string().min(1),
    options: z.array(option).default([]),
    /** Whom or what a command of a context menu is used on. */
    target_id: id.optional(),
    /** 1: typed, 2: on a user, 3: on a message. Without it, what fits. */
    command_type: z.literal([1, 2, 3]).optional(),
  }),
  /** They type an option of one. */
  autocomplete: z.strictObject({ ...who, autocomplete: z.string().min(1), options: z.array(option) }),
  /** They send a form. */
  modal: z.strictObject({
    ...who,
    modal: z.string().min(1),
    /** By custom_id, what was filled in. */
    fields: z.record(z.string(), field).optional(),
    /** The same as Discord writes it. */
    components: z.array(z.looseObject({})).optional(),
  }),
  /** They use a component. */
  custom_id: z.strictObject({
    ...who,
    message_id: id,
    custom_id: z.string().min(1),
    values: z.array(z.string()).optional(),
    /** As Discord has it. It need not be said; if it is, it is to be right. */
    component_type: z.enum(ComponentType).optional(),
  }),
} as const
type Kind = keyof typeof KINDS
const kinds = Object.keys(KINDS) as Kind[]

export type InteractionInput = z.input<(typeof KINDS)[Kind]>
export type InteractionBody = z.infer<(typeof KINDS)[Kind]>

/** Not a union: what is wrong is to be named of what was meant, and not of all that it is not. */
export const interactionBody: z.ZodType<InteractionBody, InteractionInput> = z
  .custom<InteractionInput>((value) => typeof value === 'object' && value !== null, 'must be an object')
  .transform((value, context): InteractionBody => {
    const kind = kinds.find((name) => name in value)
    if (!kind) {
      context.addIssue({ code: 'custom', message: `must have one of ${kinds.join(', ')}` })
      return z.NEVER
    }
    const read = KINDS[kind].safeParse(value)
    if (read.success) return read.data
    context.issues.push(...read.error.issues.map((issue) => ({ ...issue, input: value }) as z.core.$ZodRawIssue))
    return z.NEVER
  })

export type CommandUse = z.infer<(typeof KINDS)['command']>
export type Typing = z.infer<(typeof KINDS)['autocomplete']>
export type ComponentUse = z.infer<(typeof KINDS)['custom_id']>
export type FormUse = z.infer<(typeof KINDS)['modal']>
export type Filled = z.infer<typeof field>
