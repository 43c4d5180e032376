import { rules as discord, type SimpleMarkdown } from 'discord-markdown-parser'
import { linkEnd, isLinkTarget } from './link-end.ts'
import { listAt } from './list-at.ts'
import { navigationTargets, timeStyles } from './nodes.ts'

type Rule = Parameters<typeof SimpleMarkdown.parserFor>[0][string]
type Rules = Readonly<Record<string, Rule>>
type State = Parameters<Rule['match']>[1]

/** Texts nest by what their writer types: deeper than this they are shown as typed, and no stack runs out. */
const DEPTH_MAX = 24

/** What a parser begins with. */
export const newState = (): State => ({ inline: true, depth: 0 })

const atLineStart = (state: State): boolean => state.prevCapture === null || state.prevCapture[0].endsWith('\n')

/** To the engine, the capture before: what it is not, is the beginning of a line. */
const IN_A_LINE = Object.assign(['.'], { index: 0, input: '.' }) as unknown as State['prevCapture']

/** The rule, with what it holds one deeper: on lines of their own for a block, in a line for anything else. */
function holding(rule: Rule, isBlock = false): Rule {
  return {
    ...rule,
    match: (source, state, before) => (state.depth < DEPTH_MAX ? rule.match(source, state, before) : null),
    parse: (capture, parse, state) =>
      rule.parse(
        capture,
        (text, given) =>
          parse(text, { ...(given ?? state), depth: state.depth + 1, prevCapture: isBlock ? null : IN_A_LINE }),
        state,
      ),
  }
}

/** A rule of a line's beginning. */
const onItsLine =
  (pattern: RegExp): Rule['match'] =>
  (source, state) =>
    atLineStart(state) ? pattern.exec(source) : null

/** No link holds another. */
const outsideLinks =
  (find: (source: string) => RegExpExecArray | null): Rule['match'] =>
  (source, state) =>
    state.inLink === true ? null : find(source)

/** What the engine takes for a match: it reads the first of it, and where it began. */
const captured = (...groups: [string, ...string[]]): RegExpExecArray =>
  Object.assign(groups, { index: 0, input: groups[0] })

const MASKED =
  /^\[((?:\\[^]|\[[^[\]\\\n]*\]|[^[\]\\])+)\]\(\s*<?((?:https?:\/\/|mailto:)[^\s<>()]*(?:\([^\s<>()]*\)[^\s<>()]*)*)>?(?:\s+"([^"\n]*)")?\s*\)/i

/** One whose text looks like an address is shown as typed: it could lead elsewhere than it says. */
function maskedLink(source: string): RegExpExecArray | null {
  const match = MASKED.exec(source)
  return match === null || /:\/\//.test(match[1]!) || !isLinkTarget(match[2]!) ? null : match
}

function address(source: string): RegExpExecArray | null {
  const found = /^https?:\/\/[^\s<>]+/i.exec(source)?.[0]
  if (found === undefined) return null
  const url = found.slice(0, linkEnd(found))
  return isLinkTarget(url) ? captured(url, url) : null
}

function inBrackets(source: string): RegExpExecArray | null {
  const web = /^<(https?:\/\/[^\s<>]+)>/i.exec(source)
  if (web !== null) return isLinkTarget(web[1]!) ? web : null
  const mail = /^<((?:mailto:)?[^\s<>@:]+@[^\s<>@:]+\.[^\s<>@:]+)>/i.exec(source)
  return mail !== null && isLinkTarget(hrefOf(mail[1]!)) ? mail : null
}

const hrefOf = (text: string): string => (/^(?:https?|mailto):/i.test(text) ? text : `mailto:${text}`)

const bareLink = (order: number, find: (source: string) => RegExpExecArray | null): Rule => ({
  order,
  match: outsideLinks(find),
  parse: (capture) => ({
    type: 'link',
    target: hrefOf(capture[1]!),
    title: '',
    content: [{ type: 'text', content: capture[1]! }],
  }),
})

const NAVIGATION = new RegExp(`^<id:(${navigationTargets.join('|')})(?::\\d{1,20})?>`)
const TIMESTAMP = new RegExp(`^<t:(-?\\d{1,17})(?::([${timeStyles.join('')}]))?>`)

const timestamp: Rule['match'] = (source) => {
  const match = TIMESTAMP.exec(source)
  return match !== null && Number.isFinite(new Date(Number(match[1]) * 1000).getTime()) ? match : null
}

const as = (rule: Rule | undefined, order: number): Rule => {
  if (rule === undefined) throw new Error('discord-markdown-parser has another set of rules')
  return { ...rule, order }
}

/**
 * Discord's markdown. Rules that discord-markdown-parser has right are its own; those here are where Discord's client does
 * otherwise, or where it has none:
 * lists; masked links, also in what people write, in linear time (its own takes seconds for `[a](` a thousand times);
 * headings, subtext and quotes at the beginning of lines within quotes and lists too; addresses with their brackets; mail;
 * `<id:…>`; the styles `s` and `S` of times; and text that keeps the halves of a character together.
 */
export const inlineRules: Rules = {
  codeBlock: as(discord['codeBlock'], 1),
  emoticon: as(discord['emoticon'], 6),
  escape: as(discord['escape'], 7),
  brackets: bareLink(8, inBrackets),
  address: bareLink(9, address),
  link: holding({
    order: 10,
    match: outsideLinks(maskedLink),
    parse: ([, label = '', target = '', title = ''], parse, state) => ({
      target,
      title,
      content: parse(label, { ...state, inLink: true }),
    }),
  }),
  user: as(discord['user'], 11),
  role: as(discord['role'], 11),
  channel: as(discord['channel'], 11),
  emoji: as(discord['emoji'], 11),
  everyone: as(discord['everyone'], 11),
  here: as(discord['here'], 11),
  slashCommand: {
    ...as(discord['slashCommand'], 11),
    // Its own takes one without a name too, and fails on it.
    match: (source, state, before) =>
      source.startsWith('</:') ? null : discord['slashCommand']!.match(source, state, before),
  },
  timestamp: { order: 11, match: timestamp, parse: ([, at, style]) => ({ at: Number(at) * 1000, style }) },
  navigation: { order: 11, match: (source) => NAVIGATION.exec(source), parse: ([, to]) => ({ to }) },
  // Of these three the longest wins.
  strong: holding(as(discord['strong'], 12)),
  em: holding(as(discord['em'], 12)),
  underline: holding(as(discord['underline'], 12)),
  strikethrough: holding(as(discord['strikethrough'], 13)),
  spoiler: holding(as(discord['spoiler'], 13)),
  inlineCode: as(discord['inlineCode'], 14),
  br: { order: 15, match: (source) => /^\n/.exec(source), parse: () => ({ type: 'text', content: '\n' }) },
  text: {
    order: 16,
    // To the next character that may begin something.
    match: (source) => /^[^](?:(?!https?:\/\/)[^\\`*_~|<@[\n¯])*/iu.exec(source),
    parse: ([content]) => ({ content }),
  },
}

export const blockRules: Rules = {
  ...inlineRules,
  quote: holding(
    {
      order: 2,
      match: (source, state) =>
        state.inQuote !== true && atLineStart(state)
          ? /^(?: *>>> ?[^]*| *> [^\n]*(?:\n *> [^\n]*)*\n?)/.exec(source)
          : null,
      parse: ([all = ''], parse, state) => ({
        content: parse(all.replace(all.trimStart().startsWith('>>>') ? /^ *>>> ?/ : /^ *> |\n$/gm, ''), {
          ...state,
          inQuote: true,
        }),
      }),
    },
    true,
  ),
  heading: holding({
    order: 3,
    match: onItsLine(/^(#{1,3}) +([^\n]+)(?:\n|$)/),
    parse: ([, marks = '', text = ''], parse, state) => ({ level: marks.length, content: parse(text, state) }),
  }),
  subtext: holding({
    order: 4,
    match: onItsLine(/^-# +([^\n]+)(?:\n|$)/),
    parse: ([, text = ''], parse, state) => ({ content: parse(text, state) }),
  }),
  list: holding(
    {
      order: 5,
      match: (source, state) => {
        const list = atLineStart(state) ? listAt(source) : null
        return list === null ? null : captured(list.source)
      },
      parse: ([source = ''], parse, state) => {
        const { start, items } = listAt(source)!
        return { start, items: items.map((item) => parse(item, state)) }
      },
    },
    true,
  ),
}
