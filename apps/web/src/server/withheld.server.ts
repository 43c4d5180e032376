import { visibility, type VisibilityRule } from '@repo/discord-permissions'
import { PermissionFlagsBits } from 'discord-api-types/v10'
import type { z } from 'zod'
import type { Entered } from './deputy/deputy.ts'
import { FunctionError } from './function-error.ts'
import type { GuildInput } from './function-inputs.ts'
import { asFunctionError, takeRead } from './functions.server.ts'
import type { FunctionContext } from './functions.server.ts'

/**
 * Events that take a permission which whoever asks has nowhere, by the rules by which the stream leaves them out.
 *
 * @throws {FunctionError} NOT_FOUND for a server that is not theirs.
 */
export async function withheldEvents(
  context: FunctionContext,
  { guildId }: z.output<typeof GuildInput>,
): Promise<string[]> {
  takeRead(context)
  const entered = await context.deputy.enter(guildId).catch(asFunctionError)
  if (!entered) throw new FunctionError('NOT_FOUND')
  const rules: [string, VisibilityRule][] = Object.entries(visibility)
  return rules.flatMap(([event, rule]) => (rule.kind === 'permission' && !mayHear(rule, entered) ? [event] : []))
}

function mayHear(rule: Extract<VisibilityRule, { kind: 'permission' }>, { guild, sight }: Entered): boolean {
  const bit = PermissionFlagsBits[rule.permission]
  if (rule.in === 'guild') return (sight.permissions & bit) !== 0n
  if (rule.orOfGuild && (sight.permissions & PermissionFlagsBits[rule.orOfGuild]) !== 0n) return true
  return [...guild.collections.channels.values()].some(
    (channel) => (sight.permissionsInObject(guild, channel) & bit) !== 0n,
  )
}
