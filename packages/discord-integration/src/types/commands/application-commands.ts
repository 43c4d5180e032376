import { z } from 'zod'
import { SnowflakeSchema } from '../snowflake.ts'
import { textSchema } from '../text.ts'
import type { CommandDefinition } from './definition.ts'
import { ApplicationCommandObjectSchema, CommandPermissionsObjectSchema } from './discord-objects.ts'
import { localizedSchema, ok, passingOver, PermissionsSchema, success } from './fields.ts'

const localized = (max: number) => localizedSchema(max).optional()

export const ChoiceSchema = z.strictObject({
  name: textSchema(1, 100),
  name_localizations: localized(100),
  value: z.union([textSchema(1, 100), z.number()]),
})

const named = {
  name: textSchema(1, 32),
  name_localizations: localized(32),
  description: textSchema(1, 100),
  description_localizations: localized(100),
}

/** What somebody fills in: text (3), whole numbers (4), yes or no (5), users, channels, roles, both (6 to 9), numbers (10), files (11). */
export const ValueOptionSchema = z.strictObject({
  type: z.literal([3, 4, 5, 6, 7, 8, 9, 10, 11]),
  ...named,
  required: z.boolean().optional(),
  choices: z.array(ChoiceSchema).max(25).optional(),
  channel_types: z.array(z.int().min(0)).max(25).optional(),
  min_value: z.number().optional(),
  max_value: z.number().optional(),
  min_length: z.int().min(0).max(6_000).optional(),
  max_length: z.int().min(1).max(6_000).optional(),
  autocomplete: z.boolean().optional(),
  file_types: z.array(textSchema(1, 16)).max(10).optional(),
})

export const SubcommandSchema = z.strictObject({
  type: z.literal(1),
  ...named,
  required: z.boolean().optional(),
  options: z.array(ValueOptionSchema).max(25).optional(),
})

export const SubcommandGroupSchema = z.strictObject({
  type: z.literal(2),
  ...named,
  required: z.boolean().optional(),
  options: z.array(SubcommandSchema).max(25).optional(),
})

/** https://docs.discord.com/developers/interactions/application-commands#application-command-object-application-command-option-structure */
const OptionsSchema = z
  .array(z.discriminatedUnion('type', [ValueOptionSchema, SubcommandSchema, SubcommandGroupSchema]))
  .max(25)

/** What of a command can be changed: https://docs.discord.com/developers/interactions/application-commands#edit-global-application-command */
const changeable = {
  name: textSchema(1, 32),
  name_localizations: localized(32),
  /** Of a command that is typed, and of no other. */
  description: textSchema(0, 100).optional(),
  description_localizations: localized(100),
  options: OptionsSchema.optional(),
  /** Who may use it unless a server says otherwise, as a bit set in decimal digits: `"0"` is administrators alone. */
  default_member_permissions: PermissionsSchema.nullable().optional(),
  nsfw: z.boolean().optional(),
  /** 1: the application; 2: Discord itself, which launches its activity. */
  handler: z.literal([1, 2]).optional(),
}

/** Where it can be used, which only a command of all servers can say. */
const places = {
  /** Deprecated: `contexts` says it now. */
  dm_permission: z.boolean().optional(),
  /** 0: servers, 1: direct messages with the bot, 2: other direct messages. */
  contexts: z
    .array(z.literal([0, 1, 2]))
    .max(3)
    .nullable()
    .optional(),
  /** 0: installed in a server, 1: by a user. */
  integration_types: z
    .array(z.literal([0, 1]))
    .max(2)
    .optional(),
}

const created = {
  ...changeable,
  /** 1: typed, 2: on a user, 3: on a message, 4: of an activity. Discord's default is 1. */
  type: z.literal([1, 2, 3, 4]).optional(),
}

/** Of each of which there may be: 100 that are typed, 15 on users, 15 on messages, one of an activity. */
const COMMANDS_MAX = 131

/** What Discord tells of a command, and finds out itself. */
const READ_ONLY = ['version', 'default_permission', 'name_localized', 'description_localized'] as const

/** Of those of one server it tells too where they can be used, which is there. */
const READ_ONLY_IN_GUILDS = [...READ_ONLY, 'dm_permission', 'contexts', 'integration_types'] as const

/** Whose each of a list is, the list's place says. */
const WHOSE = ['application_id', 'guild_id'] as const

const GlobalCommandSchema = z.strictObject({ ...created, ...places })
const GuildCommandSchema = z.strictObject(created)

/** Those without an id are new, unless there is one of that name and type. */
const identified = { id: SnowflakeSchema.optional() }
const GlobalCommandsSchema = z
  .array(passingOver(GlobalCommandSchema.extend(identified), [...READ_ONLY, ...WHOSE]))
  .max(COMMANDS_MAX)
const GuildCommandsSchema = z
  .array(passingOver(GuildCommandSchema.extend(identified), [...READ_ONLY_IN_GUILDS, ...WHOSE]))
  .max(COMMANDS_MAX)

const application = { application_id: SnowflakeSchema.optional() }
const ofGuild = { ...application, guild_id: SnowflakeSchema }
const command_id = SnowflakeSchema
const with_localizations = z.boolean().optional()

const commandResult = z.object({ success, command: ApplicationCommandObjectSchema })
const commandsResult = z.object({ success, commands: z.array(ApplicationCommandObjectSchema) })

const exampleId = '1045239857102839808'
const exampleGuild = '197038439483310086'
const exampleCommand = {
  name: 'fire',
  description: 'Fire a kiln',
  options: [{ type: 3 as const, name: 'kiln', description: 'Which one', required: true }],
}

/** https://docs.discord.com/developers/interactions/application-commands */
export const applicationCommands = {
  list_global_commands: {
    method: 'slash.listGlobal',
    summary: 'Read the application commands that the bot has in all servers.',
    repeatable: 'read',
    guild: null,
    errors: ['MISSING_ACCESS'],
    example: {},
    rest: { route: 'GET /applications/{application_id}/commands', answer: 'commands' },
    payload: z.strictObject({ ...application, with_localizations }),
    result: commandsResult,
  },
  create_global_command: {
    method: 'slash.createGlobal',
    summary: 'Give all servers an application command: one that is typed, or one on a user or a message.',
    // One of that name and type is replaced.
    repeatable: 'idempotent',
    guild: null,
    errors: ['INVALID_FORM_BODY_OR_CONTENT_TYPE'],
    example: exampleCommand,
    rest: { route: 'POST /applications/{application_id}/commands', answer: 'command' },
    payload: passingOver(GlobalCommandSchema.extend(application), [...READ_ONLY, 'id', 'guild_id']),
    result: commandResult,
  },
  edit_global_command: {
    method: 'slash.editGlobal',
    summary: 'Change an application command of all servers.',
    repeatable: 'idempotent',
    guild: null,
    errors: ['UNKNOWN_APPLICATION_COMMAND', 'INVALID_FORM_BODY_OR_CONTENT_TYPE'],
    example: { command_id: exampleId, description: 'Fire one of the kilns' },
    rest: { route: 'PATCH /applications/{application_id}/commands/{command_id}', answer: 'command' },
    payload: passingOver(
      z
        .strictObject({ ...changeable, ...places })
        .partial()
        .extend({ ...application, command_id }),
      [...READ_ONLY, 'id', 'type', 'guild_id'],
    ),
    result: commandResult,
  },
  delete_global_command: {
    method: 'slash.deleteGlobal',
    summary: 'Take an application command from all servers.',
    repeatable: 'idempotent',
    guild: null,
    errors: ['UNKNOWN_APPLICATION_COMMAND'],
    example: { command_id: exampleId },
    rest: {
      route: 'DELETE /applications/{application_id}/commands/{command_id}',
      done: 'UNKNOWN_APPLICATION_COMMAND',
    },
    payload: z.strictObject({ ...application, command_id }),
    result: ok,
  },
  set_global_commands: {
    method: 'slash.setGlobal',
    summary: 'Have these be the application commands of all servers, and no others.',
    repeatable: 'idempotent',
    guild: null,
    errors: ['INVALID_FORM_BODY_OR_CONTENT_TYPE'],
    example: { commands: [exampleCommand] },
    rest: { route: 'PUT /applications/{application_id}/commands', answer: 'commands', body: 'commands' },
    payload: z.strictObject({ ...application, commands: GlobalCommandsSchema }),
    result: commandsResult,
  },
  list_guild_commands: {
    method: 'slash.listGuild',
    summary: 'Read the application commands that the bot has in one server alone.',
    repeatable: 'read',
    guild: 'guild_id',
    errors: ['MISSING_ACCESS'],
    example: { guild_id: exampleGuild },
    rest: { route: 'GET /applications/{application_id}/guilds/{guild_id}/commands', answer: 'commands' },
    payload: z.strictObject({ ...ofGuild, with_localizations }),
    result: commandsResult,
  },
  create_guild_command: {
    method: 'slash.createGuild',
    summary: 'Give one server an application command.',
    repeatable: 'idempotent',
    guild: 'guild_id',
    errors: ['MISSING_ACCESS', 'INVALID_FORM_BODY_OR_CONTENT_TYPE'],
    example: { guild_id: exampleGuild, ...exampleCommand },
    rest: { route: 'POST /applications/{application_id}/guilds/{guild_id}/commands', answer: 'command' },
    payload: passingOver(GuildCommandSchema.extend(ofGuild), [...READ_ONLY_IN_GUILDS, 'id']),
    result: commandResult,
  },
  edit_guild_command: {
    method: 'slash.editGuild',
    summary: 'Change an application command of one server.',
    repeatable: 'idempotent',
    guild: 'guild_id',
    errors: ['UNKNOWN_APPLICATION_COMMAND', 'INVALID_FORM_BODY_OR_CONTENT_TYPE'],
    example: { guild_id: exampleGuild, command_id: exampleId, description: 'Fire one of the kilns' },
    rest: { route: 'PATCH /applications/{application_id}/guilds/{guild_id}/commands/{command_id}', answer: 'command' },
    payload: passingOver(
      z
        .strictObject(changeable)
        .partial()
        .extend({ ...ofGuild, command_id }),
      [...READ_ONLY_IN_GUILDS, 'id', 'type'],
    ),
    result: commandResult,
  },
  delete_guild_command: {
    method: 'slash.deleteGuild',
    summary: 'Take an application command from one server.',
    repeatable: 'idempotent',
    guild: 'guild_id',
    errors: ['UNKNOWN_APPLICATION_COMMAND'],
    example: { guild_id: exampleGuild, command_id: exampleId },
    rest: {
      route: 'DELETE /applications/{application_id}/guilds/{guild_id}/commands/{command_id}',
      done: 'UNKNOWN_APPLICATION_COMMAND',
    },
    payload: z.strictObject({ ...ofGuild, command_id }),
    result: ok,
  },
  set_guild_commands: {
    method: 'slash.setGuild',
    summary: 'Have these be the application commands of one server, and no others.',
    repeatable: 'idempotent',
    guild: 'guild_id',
    errors: ['MISSING_ACCESS', 'INVALID_FORM_BODY_OR_CONTENT_TYPE'],
    example: { guild_id: exampleGuild, commands: [exampleCommand] },
    rest: {
      route: 'PUT /applications/{application_id}/guilds/{guild_id}/commands',
      answer: 'commands',
      body: 'commands',
    },
    payload: z.strictObject({ ...ofGuild, commands: GuildCommandsSchema }),
    result: commandsResult,
  },
  get_command_permissions: {
    method: 'slash.getPermissions',
    summary: 'Read who may use an application command in a server, as its moderators have set it.',
    repeatable: 'read',
    guild: 'guild_id',
    errors: ['UNKNOWN_APPLICATION_COMMAND_PERMISSIONS', 'MISSING_ACCESS'],
    example: { guild_id: exampleGuild, command_id: exampleId },
    rest: {
      route: 'GET /applications/{application_id}/guilds/{guild_id}/commands/{command_id}/permissions',
      answer: 'permissions',
    },
    payload: z.strictObject({ ...ofGuild, command_id }),
    result: z.object({ success, permissions: CommandPermissionsObjectSchema }),
  },
} as const satisfies Record<string, CommandDefinition>
