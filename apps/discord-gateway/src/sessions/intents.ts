import { setTimeout as sleep } from 'node:timers/promises'
import { LinkError } from '@repo/discord-integration/types'
import { ApplicationFlags, GatewayIntentBits, Routes } from 'discord-api-types/v10'
import { z } from 'zod'
import type { DiscordApi } from '../commands/discord-api.ts'
import type { Logger } from '../logger.ts'

const ApplicationSchema = z.object({ flags: z.int().default(0) })

/**
 * The privileged intents, and the flags that say that the application may have them; the limited ones are those of
 * applications that are not verified. https://docs.discord.com/developers/resources/application#application-object-application-flags
 */
const PRIVILEGED = [
  {
    intent: GatewayIntentBits.GuildMembers,
    flags: ApplicationFlags.GatewayGuildMembers | ApplicationFlags.GatewayGuildMembersLimited,
  },
  {
    intent: GatewayIntentBits.GuildPresences,
    flags: ApplicationFlags.GatewayPresence | ApplicationFlags.GatewayPresenceLimited,
  },
  {
    intent: GatewayIntentBits.MessageContent,
    flags: ApplicationFlags.GatewayMessageContent | ApplicationFlags.GatewayMessageContentLimited,
  },
] as const

const ALL = Object.values(GatewayIntentBits).reduce<number>(
  (bits, bit) => (typeof bit === 'number' ? bits | bit : bits),
  0,
)

const UNPRIVILEGED = PRIVILEGED.reduce((bits, { intent }) => bits & ~intent, ALL)

/** Everything that an application with these flags may ask for. */
export function allowedIntents(applicationFlags: number): number {
  return PRIVILEGED.reduce(
    (bits, { intent, flags }) => ((applicationFlags & flags) === 0 ? bits : bits | intent),
    UNPRIVILEGED,
  )
}

/** Between two questions to a Discord that does not answer. */
const ASK_AGAIN_MAX_MS = 30_000

/**
 * Asks Discord what the application may have, until it answers.
 *
 * @throws {LinkError} Discord's refusal, when it answers but will not say.
 */
export async function askIntents(discord: DiscordApi, logger: Logger, signal: AbortSignal): Promise<number> {
  for (let waitMs = 500; ; waitMs = Math.min(waitMs * 2, ASK_AGAIN_MAX_MS)) {
    try {
      const { flags } = await discord.call(
        { action: 'read the application', repeatable: 'read' },
        async (rest, aborted) =>
          ApplicationSchema.parse(await rest.get(Routes.currentApplication(), { signal: aborted })),
      )
      return allowedIntents(flags)
    } catch (error) {
      // With another token only, which this process will not have.
      const isRefused = !(error instanceof LinkError && error.retryable) || error.code === 'DISCORD_UNAUTHORIZED'
      if (isRefused) throw error
      const what = 'Discord does not say which intents the application has, asking again'
      logger.warn({ code: error.code, waitMs }, `${what}: ${error.message}`)
      await sleep(waitMs, undefined, { signal })
    }
  }
}
