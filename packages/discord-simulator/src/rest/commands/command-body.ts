import { ApplicationCommandType as Type } from 'discord-api-types/v10'
import { z } from 'zod'
import type { World } from '../../world/world.ts'
import { refusal } from '../errors.ts'
import { maybe, readForm, text } from '../form.ts'
import type { Command } from '../records.ts'
import { checkOptions, isChatName, localizations, options } from './option-body.ts'
import type { OptionBody } from './option-body.ts'

/** Names, descriptions and values of a command together: https://docs.discord.com/developers/interactions/application-commands#application-command-object-application-command-option-structure */
const LONGEST = 8_000

/** By type, how many commands there may be, for all guilds and for each: https://docs.discord.com/developers/interactions/application-commands#registering-a-command */
const MOST: Readonly<Record<number, number>> = { [Type.ChatInput]: 100, [Type.User]: 15, [Type.Message]: 15 }

const lengthOf = (list: readonly OptionBody[]): number =>
  list.reduce((sum, { name, description, choices = [], options: inner = [] }) => {
    const ofChoices = choices.reduce((all, choice) => all + choice.name.length + String(choice.value).length, 0)
    return sum + name.length + description.length + ofChoices + lengthOf(inner)
  }, 0)

const commandBody = z
  .looseObject({
    type: z
      .literal([Type.ChatInput, Type.User, Type.Message])
      .nullish()
      .transform((type) => type ?? Type.ChatInput),
    name: text(32, 1),
    name_localizations: localizations(text(32, 1)),
    description: text(100).nullish(),
    description_localizations: localizations(text(100, 1)),
    options: maybe(options),
    default_member_permissions: z
      .union([z.string().regex(/^\d{1,20}$/), z.int().nonnegative().transform(String)])
      .nullish(),
    dm_permission: maybe(z.boolean()),
    contexts: z.array(z.literal([0, 1, 2])).nullish(),
    integration_types: maybe(z.array(z.literal([0, 1])).min(1)),
    nsfw: maybe(z.boolean()),
  })
  .superRefine((body, context) => {
    const add = (path: PropertyKey[], code: string, message: string) =>
      context.addIssue({ code: 'custom', path, params: { code, message } })
    if (body.type !== Type.ChatInput) {
      if (body.description) {
        const message = 'Context menu commands cannot have description'
        add(['description'], 'APPLICATION_COMMAND_CONTEXT_MENU_DESCRIPTION_INVALID', message)
      }
      if (body.options?.length) {
        const message = 'Context menu commands cannot have options'
        add(['options'], 'APPLICATION_COMMAND_CONTEXT_MENU_OPTIONS_INVALID', message)
      }
      return
    }
    const names = [body.name, ...Object.values(body.name_localizations ?? {})]
    if (!names.every(isChatName)) add(['name'], 'APPLICATION_COMMAND_INVALID_NAME', 'Command name is invalid')
    if (!body.description) add(['description'], 'BASE_TYPE_REQUIRED', 'This field is required')
    checkOptions(body.options ?? [], ['options'], add)
    const length = body.name.length + (body.description?.length ?? 0) + lengthOf(body.options ?? [])
    if (length > LONGEST) add([], 'APPLICATION_COMMAND_TOO_LARGE', `Command exceeds maximum size (${LONGEST})`)
  })
export type CommandBody = z.infer<typeof commandBody>

const identified = commandBody.and(z.looseObject({ id: z.string().nullish() }))

/** Where a command can be used, as `contexts` says it now and `dm_permission` did before. */
const contextsOf = ({ contexts, dm_permission }: CommandBody): number[] | null =>
  contexts ?? (dm_permission === false ? [0] : null)

/** https://docs.discord.com/developers/interactions/application-commands#application-command-object */
export function commandFrom(world: World, body: CommandBody, guildId: string, id: string): Command {
  const contexts = guildId ? null : contextsOf(body)
  return {
    id,
    application_id: world.bot.id,
    version: world.nextId(),
    default_member_permissions: body.default_member_permissions ?? null,
    type: body.type,
    name: body.name,
    name_localizations: body.name_localizations,
    description: body.description ?? '',
    description_localizations: body.description_localizations,
    dm_permission: guildId !== '' || contexts === null || contexts.includes(1),
    contexts,
    integration_types: (!guildId && body.integration_types) || [0],
    nsfw: body.nsfw ?? false,
    ...(body.options && { options: body.options }),
    ...(guildId && { guild_id: guildId }),
  }
}

export const readCommand = (input: unknown): CommandBody => readForm(commandBody, input)

/** One of a name and a type at most: https://docs.discord.com/developers/interactions/application-commands#registering-a-command */
export function readCommands(input: unknown): CommandBody[] {
  const bodies = readForm(z.array(identified), input)
  const isRepeated = ({ name, type }: CommandBody, index: number) =>
    bodies.findIndex((body) => body.name === name && body.type === type) < index
  const repeated = bodies.flatMap((body, index) => (isRepeated(body, index) ? [index] : []))
  if (repeated.length > 0) {
    const fault = { code: 'APPLICATION_COMMANDS_DUPLICATE_NAME', message: 'Application command names must be unique' }
    throw refusal.invalidForm(repeated.map((index) => ({ path: [index], ...fault })))
  }
  return bodies
}

/** Refuses, with 30032, more commands than there may be. */
export function checkCount(commands: readonly { type: number }[]): void {
  for (const [type, most] of Object.entries(MOST)) {
    if (commands.filter((command) => command.type === Number(type)).length > most) throw refusal.tooManyCommands(most)
  }
}

const withoutDictionaries = (thing: object): object =>
  Object.fromEntries(
    Object.entries(thing).flatMap(([key, value]: [string, unknown]) => {
      if (key.endsWith('_localizations')) return []
      const isList = (key === 'options' || key === 'choices') && Array.isArray(value)
      return [[key, isList ? value.map((each: object) => withoutDictionaries(each)) : value]]
    }),
  )

/** A command as a list shows it that was not asked for `with_localizations`. */
export const unlocalized = (command: Command): object => withoutDictionaries(command)
