import type {
  APIApplicationCommand,
  APIInteractionResponseCallbackData,
  APIMessage,
  RESTGetAPIChannelMessagesQuery,
  RESTPatchAPIChannelMessageJSONBody,
  RESTPatchAPIGuildJSONBody,
  RESTPatchAPIGuildMemberJSONBody,
  RESTPatchAPIGuildRoleJSONBody,
  RESTPatchAPIInteractionFollowupJSONBody,
  RESTPatchAPIInteractionOriginalResponseJSONBody,
  RESTPatchAPIWebhookWithTokenMessageJSONBody,
  RESTPostAPIApplicationCommandsJSONBody,
  RESTPostAPIApplicationGuildCommandsJSONBody,
  RESTPostAPIAutoModerationRuleJSONBody,
  RESTPostAPIChannelInviteJSONBody,
  RESTPostAPIChannelMessageJSONBody,
  RESTPostAPIGuildChannelJSONBody,
  RESTPostAPIGuildRoleJSONBody,
  RESTPostAPIGuildScheduledEventJSONBody,
  RESTPostAPIInteractionFollowupJSONBody,
  RESTPostAPIWebhookWithTokenJSONBody,
  RESTPutAPIApplicationCommandsJSONBody,
  RESTPutAPIApplicationGuildCommandsJSONBody,
  RESTPutAPIGuildBanJSONBody,
} from 'discord-api-types/v10'
import { describe, expect, expectTypeOf, it } from 'vitest'
import { commands, type CommandName, type CommandPayload } from '../../src/types/index.ts'

// Held by the type check: a body of discord-api-types, with the ids of its route, is a payload of the command.

type InChannel = { channel_id: string }
type OfMessage = InChannel & { message_id: string }
type InGuild = { guild_id: string }
type OfMember = InGuild & { user_id: string }
type ByWebhook = { webhook_id: string; webhook_token: string }
type ByToken = { interaction_token: string }
type OfInteraction = ByToken & { interaction_id: string }

type Bodies = {
  send_message: InChannel & RESTPostAPIChannelMessageJSONBody
  edit_message: OfMessage & RESTPatchAPIChannelMessageJSONBody
  execute_webhook: ByWebhook & RESTPostAPIWebhookWithTokenJSONBody
  edit_webhook_message: ByWebhook & { message_id: string } & RESTPatchAPIWebhookWithTokenMessageJSONBody
  reply_to_interaction: OfInteraction & APIInteractionResponseCallbackData
  update_interaction_message: OfInteraction & APIInteractionResponseCallbackData
  edit_interaction_reply: ByToken & RESTPatchAPIInteractionOriginalResponseJSONBody
  follow_up: ByToken & RESTPostAPIInteractionFollowupJSONBody
  edit_follow_up: ByToken & { message_id: string } & RESTPatchAPIInteractionFollowupJSONBody
  create_global_command: RESTPostAPIApplicationCommandsJSONBody
  set_global_commands: { commands: RESTPutAPIApplicationCommandsJSONBody }
  create_guild_command: InGuild & RESTPostAPIApplicationGuildCommandsJSONBody
  set_guild_commands: InGuild & { commands: RESTPutAPIApplicationGuildCommandsJSONBody }
  edit_member: OfMember & RESTPatchAPIGuildMemberJSONBody
  create_role: InGuild & RESTPostAPIGuildRoleJSONBody
  edit_role: InGuild & { role_id: string } & RESTPatchAPIGuildRoleJSONBody
  create_channel: InGuild & RESTPostAPIGuildChannelJSONBody
  create_scheduled_event: InGuild & RESTPostAPIGuildScheduledEventJSONBody
  create_invite: InChannel & RESTPostAPIChannelInviteJSONBody
  ban_member: OfMember & RESTPutAPIGuildBanJSONBody
}

/** What Discord tells, as it is sent back. */
type ReadBack = {
  edit_message: OfMessage & Pick<APIMessage, 'content' | 'embeds' | 'attachments'>
  set_global_commands: { commands: APIApplicationCommand[] }
  set_guild_commands: InGuild & { commands: APIApplicationCommand[] }
  create_global_command: APIApplicationCommand
  edit_global_command: { command_id: string } & APIApplicationCommand
  create_guild_command: InGuild & APIApplicationCommand
  edit_guild_command: InGuild & { command_id: string } & APIApplicationCommand
}

type Asked = { method: 'POST'; path: string }

/** What `discord_api` is asked with. */
type AnyEndpoint =
  | (Asked & { body: RESTPatchAPIGuildJSONBody })
  | (Asked & { body: RESTPostAPIChannelMessageJSONBody })
  | (Asked & { body: RESTPostAPIAutoModerationRuleJSONBody })
  | (Asked & { body: RESTPutAPIApplicationCommandsJSONBody })
  | (Asked & { query: RESTGetAPIChannelMessagesQuery })

type Refused<Payloads> = {
  [Name in keyof Payloads & CommandName]: Payloads[Name] extends CommandPayload<Name> ? never : Name
}[keyof Payloads & CommandName]

describe('the payloads of commands', () => {
  it('may be the bodies of discord-api-types', () => {
    expectTypeOf<Exclude<keyof Bodies, CommandName>>().toBeNever()
    expectTypeOf<Refused<Bodies>>().toBeNever()
  })

  it('of any endpoint may have in them any body and query of discord-api-types', () => {
    expectTypeOf<AnyEndpoint>().toExtend<CommandPayload<'discord_api'>>()
    expectTypeOf<Refused<{ discord_api: Asked & { body: string } }>>().toEqualTypeOf<'discord_api'>()
  })

  it('may have in them what was read', () => {
    expectTypeOf<Refused<ReadBack>>().toBeNever()
  })

  it('are nothing else', () => {
    expectTypeOf<
      Refused<{ edit_message: OfMessage & { embeds: { title: number }[] } }>
    >().toEqualTypeOf<'edit_message'>()
  })

  it.each([
    'edit_message',
    'edit_webhook_message',
    'update_interaction_message',
    'edit_interaction_reply',
    'edit_follow_up',
  ] as const)('%s may take away the words with empty ones, as with null', (name) => {
    const { payload, example } = commands[name]
    for (const content of ['', null]) expect(payload.safeParse({ ...example, content }).error).toBeUndefined()
  })

  it('may have null and no text where Discord takes it', () => {
    const asked = { question: {}, answers: [{ poll_media: { emoji: { id: null, name: '🏺' } } }] }
    const { send_message, edit_role, edit_member, create_guild_command } = commands
    const given = [
      send_message.payload.safeParse({ ...send_message.example, poll: asked }),
      edit_role.payload.safeParse({ ...edit_role.example, name: null, permissions: null, hoist: null }),
      edit_member.payload.safeParse({ ...edit_member.example, roles: null, mute: null, deaf: null }),
      create_guild_command.payload.safeParse({ ...create_guild_command.example, name_localizations: { de: null } }),
    ]
    expect(given.map(({ error }) => error)).toEqual(given.map(() => undefined))
  })

  it('hold numbers to be no ids, whatever discord-api-types allows', () => {
    const { create_channel, edit_message } = commands
    const channel = { ...create_channel.example, parent_id: 7 }
    const edit = { ...edit_message.example, attachments: [{ id: 0 }] }
    expect(create_channel.payload.safeParse(channel).success).toBe(false)
    expect(edit_message.payload.safeParse(edit).success).toBe(false)
  })
})
