import { ApplicationCommandOptionType, ComponentType } from 'discord-api-types/v10'
import { z } from 'zod'
import { isSnowflake } from '../../snowflake.ts'

const id = z.string().refine(isSnowflake, 'must be a snowflake')
/** What somebody sends along, as text in base64. */
const file = z.object({ name: z.string().min(1).max(1_024), data: z.base64() })
export type GivenFile = z.infer<typeof file>

const plain = z.object({
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

/** What somebody does that the bot is to answer: runs a command, types an option, uses a component, sends a form. */
export const interactionBody = z.union([
  z.object({
    ...who,
    command: z.string().min(1),
    options: z.array(option).default([]),
    /** Whom or what a command of a context menu is used on. */
    target_id: id.optional(),
    /** 1: typed, 2: on a user, 3: on a message. Without it, what fits. */
    command_type: z.literal([1, 2, 3]).optional(),
  }),
  z.object({ ...who, autocomplete: z.string().min(1), options: z.array(option) }),
  z.object({
    ...who,
    message_id: id,
    custom_id: z.string().min(1),
    values: z.array(z.string()).optional(),
    /** As Discord has it. It need not be said; if it is, it is to be right. */
    component_type: z.enum(ComponentType).optional(),
  }),
  z.object({
    ...who,
    modal: z.string().min(1),
    /** By custom_id, what was filled in. */
    fields: z.record(z.string(), field).optional(),
    /** The same as Discord writes it. */
    components: z.array(z.looseObject({})).optional(),
  }),
])
export type InteractionInput = z.input<typeof interactionBody>
export type InteractionBody = z.infer<typeof interactionBody>
export type CommandUse = Extract<InteractionBody, { command: string }>
export type Typing = Extract<InteractionBody, { autocomplete: string }>
export type ComponentUse = Extract<InteractionBody, { custom_id: string }>
export type FormUse = Extract<InteractionBody, { modal: string }>
export type Filled = z.infer<typeof field>
