import { Link } from '@tanstack/react-router'
import type { APIMessage } from 'discord-api-types/v10'
import type { ReactNode } from 'react'
import { messageType } from '../../live/view/discord-values.ts'
import { clockTime, dayName, plural } from '../../live/format.ts'
import { useGuild, useGuildStore } from '../../hooks/use-guild-store.ts'
import type { IconName } from '../ui/icon.tsx'
import { MarkdownText } from './markdown/markdown-text.tsx'
import { UserMention } from './markdown/mention.tsx'

type SystemText = {
  icon: IconName
  /** Follows the name of who did it, unless nobody did. */
  says: ReactNode
  byNobody?: boolean
  /** What it is about, in its own words. */
  quote?: string | undefined
}

type Say = (payload: APIMessage) => SystemText

const line =
  (icon: IconName, says: ReactNode): Say =>
  () => ({ icon, says })
const notice =
  (icon: IconName, says: ReactNode): Say =>
  () => ({ icon, says, byNobody: true })
const withContent =
  (icon: IconName, before: string, after = ''): Say =>
  ({ content }) => ({
    icon,
    says: (
      <>
        {before} <Name>{content}</Name>
        {after}
      </>
    ),
  })

function Name({ children }: { children: ReactNode }) {
  return (
    <b dir="auto" className="font-strong">
      {children}
    </b>
  )
}

const boost =
  (level: number | null): Say =>
  ({ content }) => {
    const times = Number(content)
    const often = Number.isInteger(times) && times > 1 ? ` ${times} times` : ''
    return {
      icon: 'boost',
      says: `boosted the server${often}${level === null ? '' : `, which has reached level ${level}`}`,
    }
  }

/**
 * What Discord's own messages say, by their type. Those of direct messages are among them, since a payload may bear any.
 * https://docs.discord.com/developers/resources/message#message-object-message-types
 */
const texts: Readonly<Record<number, Say>> = {
  [messageType.recipientAdd]: ({ mentions }) => ({ icon: 'arrive', says: <>added {names(mentions)}</> }),
  [messageType.recipientRemove]: ({ mentions, author }) =>
    mentions[0]?.id === author.id
      ? { icon: 'signOut', says: 'left' }
      : { icon: 'signOut', says: <>removed {names(mentions)}</> },
  [messageType.call]: line('voice', 'started a call'),
  [messageType.channelName]: withContent('info', 'changed the name to'),
  [messageType.channelIcon]: line('info', 'changed the icon'),
  [messageType.pinned]: line('pin', 'pinned a message'),
  [messageType.joined]: line('arrive', 'joined the server'),
  [messageType.boost]: boost(null),
  [messageType.boostTier1]: boost(1),
  [messageType.boostTier2]: boost(2),
  [messageType.boostTier3]: boost(3),
  [messageType.follow]: withContent('announcement', 'follows', ', whose announcements appear here'),
  [messageType.discoveryDisqualified]: notice('info', 'The server is listed in Server Discovery no more.'),
  [messageType.discoveryRequalified]: notice('info', 'The server is listed in Server Discovery again.'),
  [messageType.discoveryFirstWarning]: notice(
    'info',
    'The server has not met the requirements of Server Discovery for a week.',
  ),
  [messageType.discoveryFinalWarning]: notice(
    'info',
    'The server has not met the requirements of Server Discovery for three weeks, and leaves it next week.',
  ),
  [messageType.threadCreated]: ({ message_reference: reference, content }) => ({
    icon: 'thread',
    says: (
      <>
        started a thread: <ThreadLink id={reference?.channel_id} name={content} />
      </>
    ),
  }),
  // Only one whose original is gone comes here.
  [messageType.threadStarter]: notice('thread', 'The message that this thread began with is not there any more.'),
  [messageType.inviteReminder]: notice('info', 'Discord suggests to invite people.'),
  [messageType.autoModeration]: autoModeration,
  [messageType.roleSubscription]: ({ role_subscription_data: bought }) => ({
    icon: 'boost',
    says:
      bought === undefined ? (
        'subscribed to a role'
      ) : (
        <>
          {bought.is_renewal ? 'renewed' : 'joined'} <Name>{bought.tier_name}</Name>, for{' '}
          {plural(bought.total_months_subscribed, 'month')} so far
        </>
      ),
  }),
  [messageType.premiumUpsell]: line('info', 'was offered a subscription of an app'),
  [messageType.stageStart]: withContent('stage', 'started the stage'),
  [messageType.stageEnd]: withContent('stage', 'ended the stage'),
  [messageType.stageSpeaker]: line('stage', 'speaks on the stage'),
  [messageType.stageRaiseHand]: line('hand', 'asked to speak'),
  [messageType.stageTopic]: withContent('stage', 'changed the topic of the stage to'),
  [messageType.appSubscription]: ({ application }) => ({
    icon: 'boost',
    says: (
      <>
        subscribed to <Name>{application?.name ?? 'an app'}</Name> for the server
      </>
    ),
  }),
  [messageType.alertsOn]: ({ content }) => ({ icon: 'lock', says: `turned security actions on${untilOf(content)}` }),
  [messageType.alertsOff]: line('lock', 'turned security actions off'),
  [messageType.raidReport]: line('lock', 'reported a raid'),
  [messageType.raidFalseAlarm]: line('lock', 'reported a false alarm'),
  [messageType.purchase]: (payload) => ({
    icon: 'boost',
    says: (
      <>
        bought <Name>{productOf(payload) ?? 'something of the server'}</Name>
      </>
    ),
  }),
  [messageType.pollResult]: pollResult,
}

/** How a message reads that no person wrote. What a later Discord says stands there with its number. */
export function systemText(payload: APIMessage): SystemText {
  const say = texts[payload.type]
  return say?.(payload) ?? { icon: 'info', says: `did something that this page does not show (type ${payload.type})` }
}

const names = (users: APIMessage['mentions']): ReactNode =>
  users.map((user, index) => (
    <span key={user.id}>
      {index > 0 && ', '}
      <UserMention id={user.id} />
    </span>
  ))

/** The end stands in the text, as a moment. */
function untilOf(content: string): string {
  const at = Date.parse(content)
  return Number.isNaN(at) ? '' : ` until ${dayName(at)} ${clockTime(at)}`
}

/** Newer than the types: https://docs.discord.com/developers/resources/message#message-object */
function productOf(payload: APIMessage): string | undefined {
  const { purchase_notification: bought } = payload as {
    purchase_notification?: { guild_product_purchase?: { product_name?: string } }
  }
  return bought?.guild_product_purchase?.product_name
}

const fieldsOf = ({ embeds }: APIMessage): Readonly<Record<string, string>> =>
  Object.fromEntries((embeds[0]?.fields ?? []).map(({ name, value }) => [name, value]))

/** What was said, in which channel, and by which rule, stand in an embed's fields. */
function autoModeration(payload: APIMessage): SystemText {
  const { rule_name: rule, channel_id: channel } = fieldsOf(payload)
  return {
    icon: 'refused',
    quote: payload.embeds[0]?.description,
    says: (
      <>
        said something that AutoMod blocked
        {channel !== undefined && (
          <>
            {' '}
            in <MarkdownLine text={`<#${channel}>`} />
          </>
        )}
        {rule !== undefined && (
          <>
            {' '}
            (<Name>{rule}</Name>)
          </>
        )}
      </>
    ),
  }
}

function MarkdownLine({ text }: { text: string }) {
  return <MarkdownText text={text} scope="inline" className="inline" />
}

/** How a poll ended stands in an embed's fields: https://docs.discord.com/developers/resources/message#embed-fields-by-embed-type */
function pollResult(payload: APIMessage): SystemText {
  const fields = fieldsOf(payload)
  const total = Number(fields['total_votes'] ?? 0)
  const votes = Number(fields['victor_answer_votes'] ?? 0)
  const answer = [fields['victor_answer_emoji_name'], fields['victor_answer_text']].filter(Boolean).join(' ')
  return {
    icon: 'check',
    says: (
      <>
        asked <Name>{fields['poll_question_text'] ?? 'a question'}</Name>, and the poll has ended:{' '}
        {outcomeOf(answer, votes, total)}
      </>
    ),
  }
}

function outcomeOf(answer: string, votes: number, total: number): ReactNode {
  if (total === 0) return 'nobody voted'
  if (answer === '') return `a tie, of ${plural(total, 'vote')}`
  return (
    <>
      <Name>{answer}</Name> with {votes} of {plural(total, 'vote')} ({Math.round((votes / total) * 100)}
      {'\u00a0'}%)
    </>
  )
}

function ThreadLink({ id, name }: { id: string | undefined; name: string }) {
  const store = useGuildStore()
  const there = useGuild((snapshot) => id !== undefined && id in snapshot.view.channels)
  if (id === undefined || !there) return <span dir="auto">{name}</span>
  return (
    <Link
      to="/guilds/$guildId/channels/$channelId"
      params={{ guildId: store.guildId, channelId: id }}
      dir="auto"
      className="text-link underline"
    >
      {name}
    </Link>
  )
}
