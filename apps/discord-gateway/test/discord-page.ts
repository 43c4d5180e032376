const DOCS = 'https://docs.discord.com/developers'

/** Which of Discord's pages is about a route: the first that fits. */
const PAGES: readonly (readonly [RegExp, string])[] = [
  [/^\/interactions\/|\/\{interaction_token\}/, 'interactions/receiving-and-responding'],
  [/^\/applications\/[^/]+(?:\/guilds\/[^/]+)?\/commands/, 'interactions/application-commands'],
  [/^\/(?:guilds|applications)\/[^/]+\/emojis/, 'resources/emoji'],
  [/\/stickers(?:\/|$)|^\/sticker-packs/, 'resources/sticker'],
  [/soundboard/, 'resources/soundboard'],
  [/\/webhooks(?:\/|$)|\/followers$/, 'resources/webhook'],
  [/\/scheduled-events/, 'resources/guild-scheduled-event'],
  [/\/auto-moderation\//, 'resources/auto-moderation'],
  [/\/audit-logs$/, 'resources/audit-log'],
  [/\/templates/, 'resources/guild-template'],
  [/\/voice-states\/|^\/voice\//, 'resources/voice'],
  [/\/polls\//, 'resources/poll'],
  [/\/messages(?:\/[^/]+)?\/threads$/, 'resources/channel'],
  [/\/messages(?:\/|$)|\/pins(?:\/|$)/, 'resources/message'],
  [/^\/stage-instances/, 'resources/stage-instance'],
  [/^\/invites\//, 'resources/invite'],
  [/^\/applications\/[^/]+\/entitlements/, 'resources/entitlement'],
  [/^\/applications\//, 'resources/application'],
  [/^\/channels\//, 'resources/channel'],
  [/^\/guilds\//, 'resources/guild'],
  [/^\/users\//, 'resources/user'],
  [/^\/gateway/, 'events/gateway'],
]

/** Discord's page about a route of its API, as `PATCH /channels/{channel_id}`; undefined where none is known. */
export function discordPage(route: string): string | undefined {
  const path = route.slice(route.indexOf(' ') + 1)
  const page = PAGES.find(([pattern]) => pattern.test(path))?.[1]
  return page && `${DOCS}/${page}`
}
