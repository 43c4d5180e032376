import { SimpleMarkdown } from 'discord-markdown-parser'
import { isBlock, type MarkdownNode, type TimeStyle } from './nodes.ts'
import { blockRules, inlineRules, newState } from './rules.ts'

type Parsed = ReturnType<ReturnType<typeof SimpleMarkdown.parserFor>>[number]

const parsers = { block: SimpleMarkdown.parserFor(blockRules), inline: SimpleMarkdown.parserFor(inlineRules) }

/**
 * A text as Discord's clients take it apart. Never throws; whatever it does not know is text.
 *
 * @param scope `inline` where Discord has no headings, lists and quotes: the names of an embed's fields.
 */
export function parseMarkdown(text: string, scope: 'block' | 'inline' = 'block'): MarkdownNode[] {
  return nodesOf(parsers[scope](text, newState()))
}

/** The engine's nodes as the page's: texts joined that stand beside each other, one break taken from around a block. */
function nodesOf(parsed: readonly Parsed[]): MarkdownNode[] {
  const nodes: MarkdownNode[] = []
  for (const node of parsed.map(nodeOf)) {
    const before = nodes.at(-1)
    if (node.type === 'text' && before?.type === 'text') nodes[nodes.length - 1] = join(before, node)
    else nodes.push(node)
  }
  return nodes.flatMap((node, index): MarkdownNode[] => {
    if (node.type !== 'text') return [node]
    const start = isBlock(nodes[index - 1]) && endsInLine(nodes[index - 1]!) && node.text.startsWith('\n') ? 1 : 0
    const end = isBlock(nodes[index + 1]) && node.text.endsWith('\n') ? -1 : undefined
    const text = node.text.slice(start, end)
    return text === '' ? [] : [{ type: 'text', text }]
  })
}

/** A block whose own line break was not part of it. */
const endsInLine = (node: MarkdownNode): boolean => node.type === 'codeBlock'

const join = (a: { text: string }, b: { text: string }): MarkdownNode => ({ type: 'text', text: a.text + b.text })

function nodeOf(parsed: Parsed): MarkdownNode {
  switch (parsed.type) {
    case 'strong':
    case 'em':
    case 'underline':
    case 'spoiler':
    case 'quote':
    case 'subtext':
      return { type: parsed.type, children: nodesOf(parsed['content']) }
    case 'strikethrough':
      return { type: 'strike', children: nodesOf(parsed['content']) }
    case 'heading':
      return { type: 'heading', level: parsed['level'], children: nodesOf(parsed['content']) }
    case 'list':
      return { type: 'list', start: parsed['start'], items: parsed['items'].map(nodesOf) }
    case 'inlineCode':
      return { type: 'code', text: parsed['content'] }
    case 'codeBlock':
      return { type: 'codeBlock', language: parsed['lang'], text: parsed['content'] }
    case 'link':
      return {
        type: 'link',
        href: parsed['target'],
        title: parsed['title'],
        children: nodesOf(parsed['content']),
      }
    case 'user':
    case 'role':
    case 'channel':
      return { type: parsed.type, id: parsed['id'] }
    case 'everyone':
    case 'here':
      return { type: 'everyone', text: `@${parsed.type}` }
    case 'slashCommand':
      return { type: 'command', name: parsed['fullName'] }
    case 'navigation':
      return { type: 'navigation', to: parsed['to'] }
    case 'emoji':
      return { type: 'emoji', id: parsed['id'], name: parsed['name'], animated: parsed['animated'] }
    case 'timestamp':
      return { type: 'time', at: parsed['at'], style: (parsed['style'] as TimeStyle | undefined) ?? 'f' }
    case 'text':
    default:
      return { type: 'text', text: String(parsed['content'] ?? '') }
  }
}
