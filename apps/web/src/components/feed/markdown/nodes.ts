/** A message's text, taken apart: data, never markup. */
export type MarkdownNode =
  | { type: 'text'; text: string }
  | { type: 'strong' | 'em' | 'underline' | 'strike' | 'spoiler' | 'quote' | 'subtext'; children: MarkdownNode[] }
  | { type: 'heading'; level: 1 | 2 | 3; children: MarkdownNode[] }
  /** `start` is the number of the first item; null where they are dots. */
  | { type: 'list'; start: number | null; items: MarkdownNode[][] }
  | { type: 'code'; text: string }
  | { type: 'codeBlock'; language: string; text: string }
  /** To `http:`, `https:` or `mailto:`. `title` is what its writer says of it, often empty. */
  | { type: 'link'; href: string; title: string; children: MarkdownNode[] }
  | { type: 'user' | 'role' | 'channel'; id: string }
  | { type: 'everyone'; text: '@everyone' | '@here' }
  | { type: 'command'; name: string }
  | { type: 'navigation'; to: NavigationTarget }
  | { type: 'emoji'; id: string; name: string; animated: boolean }
  /** `at` in ms since the epoch, always one that a Date has. */
  | { type: 'time'; at: number; style: TimeStyle }

/** https://docs.discord.com/developers/reference#message-formatting-guild-navigation-types */
export const navigationTargets = ['customize', 'browse', 'guide', 'home', 'linked-roles'] as const
export type NavigationTarget = (typeof navigationTargets)[number]

/** https://docs.discord.com/developers/reference#message-formatting-timestamp-styles */
export const timeStyles = ['t', 'T', 'd', 'D', 'f', 'F', 's', 'S', 'R'] as const
export type TimeStyle = (typeof timeStyles)[number]

const blocks: ReadonlySet<MarkdownNode['type']> = new Set(['heading', 'subtext', 'list', 'quote', 'codeBlock'])

/** Stands on lines of its own. */
export const isBlock = (node: MarkdownNode | undefined): boolean => node !== undefined && blocks.has(node.type)
