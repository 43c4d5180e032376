import { eventNames } from '../stream/event-table.ts'
import { nameFilter } from './event-filter.ts'

const ofServer = 'go only to people who may manage the server.'

/** Events that take a permission, with what is said to those who have it not. Who is shown what, the server decides. */
export const goesOnlyTo: Readonly<Record<string, string>> = {
  APPLICATION_COMMAND_PERMISSIONS_UPDATE: `Permissions of commands ${ofServer}`,
  AUTO_MODERATION_ACTION_EXECUTION: `Rules and actions of AutoMod ${ofServer}`,
  AUTO_MODERATION_RULE_CREATE: `Rules and actions of AutoMod ${ofServer}`,
  AUTO_MODERATION_RULE_DELETE: `Rules and actions of AutoMod ${ofServer}`,
  AUTO_MODERATION_RULE_UPDATE: `Rules and actions of AutoMod ${ofServer}`,
  GUILD_AUDIT_LOG_ENTRY_CREATE: 'Entries of the audit log go only to people who may view it.',
  GUILD_BAN_ADD: 'Bans go only to people who may ban.',
  GUILD_BAN_REMOVE: 'Bans go only to people who may ban.',
  GUILD_INTEGRATIONS_UPDATE: `Integrations ${ofServer}`,
  INTEGRATION_CREATE: `Integrations ${ofServer}`,
  INTEGRATION_DELETE: `Integrations ${ofServer}`,
  INTEGRATION_UPDATE: `Integrations ${ofServer}`,
  INVITE_CREATE: 'Invites go only to people who may manage the server or the channel.',
  INVITE_DELETE: 'Invites go only to people who may manage the server or the channel.',
  WEBHOOKS_UPDATE: 'Webhooks go only to people who may manage them.',
}

/** The names that a filter asks for, where each is one of these; else none: there may be another reason. */
export function restrictedNames(filterText: string): readonly string[] {
  const asked = nameFilter(filterText)
  const names = asked === null ? [] : eventNames.filter(asked)
  return names.every((name) => name in goesOnlyTo) ? names : []
}

/** Why nothing of these names came; empty where that is not known. */
export function whyNothing(names: readonly string[], withheld: readonly string[]): string {
  if (!names.every((name) => withheld.includes(name))) return ''
  return [...new Set(names.map((name) => goesOnlyTo[name]))].join(' ')
}
