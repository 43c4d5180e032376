import type { Deed, Doing } from './deeds.ts'

/** What words about a deed need of the guild. */
export type Names = {
  guild: string
  person: (userId: string) => string
  channel: (channelId: string) => string
  /** Where somebody is in voice; null: nowhere that is known. */
  voiceOf: (userId: string) => string | null
}

/** A notice of what was not done: what did not happen, what is needed and who can give it. */
export type Notice = { tone: 'refused' | 'unknown' | 'wait'; title: string; text: string; code: string }

type Wording = {
  /** `Not deleted`, `pikelet was not moved`. */
  not: string
  /** `you may not move members`. */
  mayNot: string
  /** `We cannot tell whether … was moved`. */
  whether: string
  permission: string
}

export function noticeOf({ deed, state, failure }: Doing, names: Names): Notice {
  const { not, mayNot, whether, permission } = wordingOf(deed, names)
  if (state === 'unknown') {
    return {
      tone: 'unknown',
      title: `We cannot tell whether ${whether}`,
      text: `The connection broke while Discord was working on it. ${lookAt(deed, names)} before you try again.`,
      code: 'OUTCOME_UNKNOWN',
    }
  }
  const { code = '', text = '', missing = [], retryAt = null } = failure ?? {}
  if (code === 'RATE_LIMITED' || code === 'TOO_MANY_REQUESTS' || retryAt !== null) {
    // As many may be too fast at once as were asked for.
    return { tone: 'wait', title: 'Too fast', text: 'userId' in deed ? `${not}. ${text}` : text, code }
  }
  if (code === 'MISSING_PERMISSIONS' && missing.length > 0) {
    const needs = `You need ${listed(missing.map(permissionName))} in ${placeOf(deed, names)}.`
    return { tone: 'refused', title: `${not}: you may not ${mayNot}`, text: `${needs} ${whoGives(names)}`, code }
  }
  if (code === 'BOT_MISSING_PERMISSIONS') {
    const needs = `The bot needs ${permissionName(permission)} in ${placeOf(deed, names)}${deed.kind === 'timeout' ? ', and a role above theirs' : ''}.`
    return { tone: 'refused', title: `${not}: the bot may not ${mayNot}`, text: `${needs} An owner can give it.`, code }
  }
  return { tone: 'refused', title: not, text, code }
}

export const whoGives = ({ guild }: Pick<Names, 'guild'>): string =>
  `An owner or moderator of ${guild} can give it to you.`

function wordingOf(deed: Deed, names: Names): Wording {
  return 'messageId' in deed ? wordingOfMessage(deed.kind) : wordingOfMember(deed, names.person(deed.userId))
}

function wordingOfMessage(kind: Extract<Deed, { messageId: string }>['kind']): Wording {
  switch (kind) {
    case 'edit':
      return wording('Not changed', 'write here', 'the message was changed', 'SendMessages')
    case 'delete':
      return wording('Not deleted', 'delete messages of others', 'the message was deleted', 'ManageMessages')
    case 'react':
      return wording('Not reacted', 'react here', 'the reaction was added', 'AddReactions')
    case 'unreact':
      return wording('Not taken back', 'take back this reaction', 'the reaction was taken back', 'ManageMessages')
  }
}

function wordingOfMember(deed: Extract<Deed, { userId: string }>, who: string): Wording {
  switch (deed.kind) {
    case 'move':
      return deed.channelId === null
        ? wording(`${who} was not disconnected`, 'move members', `${who} was disconnected`, 'MoveMembers')
        : wording(`${who} was not moved`, 'move members', `${who} was moved`, 'MoveMembers')
    case 'mute':
      return deed.on
        ? wording(`${who} was not muted`, 'mute members', `${who} was muted`, 'MuteMembers')
        : wording(`${who} is still muted`, 'mute members', `${who} may speak again`, 'MuteMembers')
    case 'deafen':
      return deed.on
        ? wording(`${who} was not deafened`, 'deafen members', `${who} was deafened`, 'DeafenMembers')
        : wording(`${who} is still deafened`, 'deafen members', `${who} may hear again`, 'DeafenMembers')
    case 'timeout':
      return deed.until === null
        ? wording(`${who} is still timed out`, 'time out members', `the timeout of ${who} was ended`, 'ModerateMembers')
        : wording(`${who} was not timed out`, 'time out members', `${who} was timed out`, 'ModerateMembers')
  }
}

/** What is being done to a member, while it is. */
export function underWay(deed: Extract<Deed, { userId: string }>): string {
  switch (deed.kind) {
    case 'move':
      return deed.channelId === null ? 'Disconnecting' : 'Moving'
    case 'mute':
      return deed.on ? 'Muting' : 'Letting speak again'
    case 'deafen':
      return deed.on ? 'Deafening' : 'Letting hear again'
    case 'timeout':
      return deed.until === null ? 'Ending the timeout' : 'Timing out'
  }
}

const wording = (not: string, mayNot: string, whether: string, permission: string): Wording => ({
  not,
  mayNot,
  whether,
  permission,
})

/** The channel that a deed shows in, where there is one. */
export function channelOf(deed: Deed, names: Pick<Names, 'voiceOf'>): string | null {
  if (deed.kind === 'timeout') return null
  if ('messageId' in deed) return deed.channelId
  return (deed.kind === 'move' ? deed.channelId : null) ?? names.voiceOf(deed.userId)
}

function placeOf(deed: Deed, names: Names): string {
  const channelId = channelOf(deed, names)
  return channelId === null ? names.guild : names.channel(channelId)
}

function lookAt(deed: Deed, names: Names): string {
  const channelId = channelOf(deed, names)
  return channelId === null ? 'Look in Discord' : `Look at ${names.channel(channelId)}`
}

/** Where Discord's own page calls a permission something else than its API. */
const calledElse: Readonly<Record<string, string>> = { ModerateMembers: 'Timeout Members' }

/** `MoveMembers` as people know it: Move Members. */
export const permissionName = (name: string): string =>
  calledElse[name] ?? name.replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' ').replace(' In ', ' in ')

const lists = new Intl.ListFormat('en', { type: 'conjunction' })
export const listed = (names: readonly string[]): string => lists.format(names)
