export type TextToken =
  | { kind: 'text'; text: string }
  | { kind: 'link'; href: string; text: string }
  | { kind: 'user' | 'role' | 'channel'; id: string }
  | { kind: 'everyone'; text: string }
  | { kind: 'emoji'; name: string }
  | { kind: 'time'; at: number }

/**
 * The marks of a message's text that are not text: mentions, links, custom emoji, times. Everything else, also Discord's
 * markdown, is passed as it was typed; a token is data, never markup.
 */
const marks =
  /<@!?(?<user>\d{1,20})>|<@&(?<role>\d{1,20})>|<#(?<channel>\d{1,20})>|<a?:(?<emoji>\w{1,32}):\d{1,20}>|<t:(?<time>-?\d{1,13})(?::[tTdDfFR])?>|(?<everyone>@everyone|@here)|<?(?<link>https?:\/\/[^\s<>]+[^\s<>.,:;"'\])}!?*_~|])>?/gu

export function messageTokens(content: string): TextToken[] {
  const tokens: TextToken[] = []
  let done = 0
  for (const match of content.matchAll(marks)) {
    if (match.index > done) tokens.push({ kind: 'text', text: content.slice(done, match.index) })
    tokens.push(tokenOf(match[0], match.groups ?? {}))
    done = match.index + match[0].length
  }
  if (done < content.length) tokens.push({ kind: 'text', text: content.slice(done) })
  return tokens
}

function tokenOf(text: string, groups: Record<string, string | undefined>): TextToken {
  const { user, role, channel, emoji, time, everyone, link } = groups
  if (user !== undefined) return { kind: 'user', id: user }
  if (role !== undefined) return { kind: 'role', id: role }
  if (channel !== undefined) return { kind: 'channel', id: channel }
  if (emoji !== undefined) return { kind: 'emoji', name: emoji }
  if (time !== undefined) return { kind: 'time', at: Number(time) * 1000 }
  if (everyone !== undefined) return { kind: 'everyone', text: everyone }
  if (link !== undefined && URL.canParse(link)) return { kind: 'link', href: link, text: link }
  return { kind: 'text', text }
}

/** The text in one line without marks, for a reply's quotation. */
export function plainText(content: string, nameOf: (kind: 'user' | 'role' | 'channel', id: string) => string): string {
  return messageTokens(content)
    .map((token) => {
      switch (token.kind) {
        case 'text':
        case 'link':
        case 'everyone':
          return token.text
        case 'emoji':
          return `:${token.name}:`
        case 'time':
          return new Date(token.at).toISOString()
        case 'user':
        case 'role':
        case 'channel':
          break
      }
      return nameOf(token.kind, token.id)
    })
    .join('')
    .replaceAll(/\s+/gu, ' ')
}
