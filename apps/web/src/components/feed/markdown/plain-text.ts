import { parseMarkdown } from './markdown.ts'
import type { MarkdownNode } from './nodes.ts'
import { timeText } from './time-text.ts'

export type NameOf = (kind: 'user' | 'role' | 'channel', id: string) => string

/** A text in one line without marks, for where it is quoted. What is hidden stays hidden. */
export function plainText(content: string, nameOf: NameOf): string {
  const textOf = (nodes: readonly MarkdownNode[]): string => nodes.map(nodeText).join('')
  const nodeText = (node: MarkdownNode): string => {
    switch (node.type) {
      case 'text':
      case 'code':
      case 'codeBlock':
      case 'everyone':
        return node.text
      case 'spoiler':
        return '(spoiler)'
      case 'strong':
      case 'em':
      case 'underline':
      case 'strike':
      case 'link':
        return textOf(node.children)
      case 'quote':
      case 'subtext':
      case 'heading':
        return ` ${textOf(node.children)} `
      case 'list':
        return ` ${node.items.map(textOf).join(' · ')} `
      case 'emoji':
        return `:${node.name}:`
      case 'time':
        return timeText(node.at, node.style, Date.now())
      case 'command':
        return `/${node.name}`
      case 'navigation':
        return node.to
      case 'user':
      case 'role':
      case 'channel':
        return nameOf(node.type, node.id)
    }
  }
  return textOf(parseMarkdown(content)).replaceAll(/\s+/gu, ' ').trim()
}
