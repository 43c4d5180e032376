import { commands, type CommandDefinition, type CommandName } from '@repo/discord-integration/types'
import { z } from 'zod'
import { anyEndpoint } from './any-endpoint.ts'
import { createGetFigures, createReportFigures, type OwnFigures } from './get-figures.ts'
import { createGetGuildSnapshot, type KnownGuilds } from './get-guild-snapshot.ts'
import { createGetStatus, type OwnStatus } from './get-status.ts'
import type { BotPresence } from '../sessions/bot-presence.ts'
import type { Handler, Handlers } from './handler.ts'
import { listCommands } from './list-commands.ts'
import { restHandler } from './rest-handler.ts'
import { createRequestMembers, type KnownToBot } from './request-members.ts'
import { sendMessage } from './send-message.ts'
import { createUpdatePresence } from './update-presence.ts'
import { createUpdateVoiceState, type BotVoice } from './update-voice-state.ts'
import type { BotSocket } from './bot-socket.ts'
import type { OwnApplication } from './own-application.ts'

/** Commands that REST alone carries out: their entry in the table says how. */
type ByRest = { [Name in CommandName]: (typeof commands)[Name] extends { rest: object } ? Name : never }[CommandName]
/** The others: one that is forgotten fails the type check. */
type OwnHandlers = { [Name in Exclude<CommandName, ByRest>]: Handler<Name> }

export type HandlersOptions = BotVoice &
  KnownToBot &
  KnownGuilds &
  OwnStatus & { socket: BotSocket; presence: BotPresence; application: OwnApplication; figures: OwnFigures }

export function createHandlers(options: HandlersOptions): Handlers {
  const { shards, intents, discordClockMs, now, socket, presence, application, figures, ...bot } = options
  const own: OwnHandlers = {
    send_message: sendMessage,
    discord_api: anyEndpoint,
    update_presence: createUpdatePresence(socket, presence),
    update_voice_state: createUpdateVoiceState(socket, bot),
    request_members: createRequestMembers(socket, { ...bot, intents }),
    get_guild_snapshot: createGetGuildSnapshot(bot),
    get_status: createGetStatus({ botId: bot.botId, shards, intents, discordClockMs, ...(now && { now }) }),
    get_figures: createGetFigures(figures),
    report_figures: createReportFigures(figures),
    list_commands: listCommands,
  }
  const byRest = Object.entries<CommandDefinition>(commands).flatMap(([name, { rest, payload }]) =>
    rest === undefined
      ? []
      : [[name, restHandler(rest, payload instanceof z.ZodObject && 'reason' in payload.shape, application)]],
  )
  return { ...own, ...Object.fromEntries(byRest) } as Handlers
}
