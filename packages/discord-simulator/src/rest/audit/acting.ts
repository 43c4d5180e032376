import type { RestContext } from '../route.ts'
import type { Deed, Entry } from './audit-log.ts'
import { deedsOf } from './deeds.ts'

/** The longest reason that an entry has: https://docs.discord.com/developers/resources/audit-log#audit-log-entry-object */
const LONGEST_REASON = 512

/**
 * The same world for somebody whose deeds are written down. Each entry is told to bots that may view the log.
 * https://docs.discord.com/developers/events/gateway-events#guild-audit-log-entry-create
 */
export function actingAs(context: RestContext, userId: string, reason: string | null): RestContext {
  const { world, records, emit } = context
  const note = (guildId: string, deed: Deed): void => {
    const entry: Entry = {
      id: world.nextId(),
      user_id: userId,
      ...deed,
      ...(reason && { reason: Array.from(reason).slice(0, LONGEST_REASON).join('') }),
    }
    records.auditLog.add(guildId, entry)
    emit({ event: 'GUILD_AUDIT_LOG_ENTRY_CREATE', payload: { ...entry, guild_id: guildId } })
  }
  return {
    ...context,
    note,
    emit: (dispatch) => {
      const found = deedsOf(world, userId, dispatch)
      emit(dispatch)
      for (const deed of found?.deeds ?? []) note(found?.guildId ?? '', deed)
    },
  }
}
