import { createContext, Fragment, use, useMemo, type ReactNode } from 'react'
import { CustomEmoji } from './custom-emoji.tsx'
import { isJumbo } from './jumbo.ts'
import { parseMarkdown } from './markdown.ts'
import { ChannelMention, Mention, navigationNames, RoleMention, UserMention } from './mention.tsx'
import type { MarkdownNode } from './nodes.ts'
import { Spoiler } from './spoiler.tsx'
import { TimeMention } from './time-mention.tsx'

/** Whether emoji stand large: of a message that is nothing else. */
const Jumbo = createContext(false)

/**
 * A text in Discord's markdown, as elements: nothing that somebody typed becomes markup.
 *
 * @param jumbo where a text that is emoji alone shows them large: in messages.
 * @param end what follows in its last line.
 */
export function MarkdownText({
  text,
  scope = 'block',
  jumbo = false,
  className = '',
  end,
}: {
  text: string
  scope?: 'block' | 'inline'
  jumbo?: boolean
  className?: string
  end?: ReactNode
}) {
  const nodes = useMemo(() => parseMarkdown(text, scope), [text, scope])
  const isLarge = useMemo(() => jumbo && isJumbo(nodes), [jumbo, nodes])
  return (
    <Jumbo value={isLarge}>
      <div
        dir="auto"
        className={`wrap-anywhere whitespace-pre-wrap ${isLarge ? 'text-[2.5rem]/[3.25rem]' : ''} ${className}`}
      >
        <Nodes nodes={nodes} />
        {end}
      </div>
    </Jumbo>
  )
}

function Nodes({ nodes }: { nodes: readonly MarkdownNode[] }) {
  return nodes.map((node, index) => (
    // They have no name of their own, and a text that changes is made of others.
    // oxlint-disable-next-line react/no-array-index-key
    <Fragment key={index}>
      <Node node={node} />
    </Fragment>
  ))
}

const headingSizes = { 1: 'text-xl', 2: 'text-lg', 3: 'text-md' } as const

function Node({ node }: { node: MarkdownNode }): ReactNode {
  const isLarge = use(Jumbo)
  switch (node.type) {
    case 'text':
      return node.text
    case 'strong':
      return (
        <strong className="font-title">
          <Nodes nodes={node.children} />
        </strong>
      )
    case 'em':
      return (
        <em>
          <Nodes nodes={node.children} />
        </em>
      )
    case 'underline':
      return (
        <u>
          <Nodes nodes={node.children} />
        </u>
      )
    case 'strike':
      return (
        <s>
          <Nodes nodes={node.children} />
        </s>
      )
    case 'spoiler':
      return (
        <Spoiler>
          <Nodes nodes={node.children} />
        </Spoiler>
      )
    case 'quote':
      return (
        <blockquote className="my-0.5 border-s-[3px] border-line-strong ps-3">
          <Nodes nodes={node.children} />
        </blockquote>
      )
    case 'subtext':
      return (
        <small className="block text-xs/5 text-ink-3">
          <Nodes nodes={node.children} />
        </small>
      )
    case 'heading':
      // No heading of the page's: those lead through it, and what somebody writes is no part of its outline.
      return (
        <strong className={`mt-1 block font-title tracking-[-0.01em] ${headingSizes[node.level]}`}>
          <Nodes nodes={node.children} />
        </strong>
      )
    case 'list':
      return <List start={node.start} items={node.items} />
    case 'code':
      return <code className="rounded-1 bg-sunken px-1 py-px font-code text-[0.87em]">{node.text}</code>
    case 'codeBlock':
      return (
        <pre className="my-1 max-w-full rounded-2 border border-line bg-sunken px-3 py-2 font-code text-xs/5 wrap-anywhere whitespace-pre-wrap">
          {node.language !== '' && <span className="float-end ms-3 text-2xs/5 text-ink-3">{node.language}</span>}
          <code dir="ltr">{node.text}</code>
        </pre>
      )
    case 'link':
      return (
        <a
          href={node.href}
          title={[node.title, node.href].filter((part) => part !== '').join('\n')}
          target="_blank"
          rel="noopener noreferrer nofollow ugc"
          className="text-link underline"
        >
          <Nodes nodes={node.children} />
        </a>
      )
    case 'user':
      return <UserMention id={node.id} />
    case 'role':
      return <RoleMention id={node.id} />
    case 'channel':
      return <ChannelMention id={node.id} />
    case 'everyone':
      return <Mention>{node.text}</Mention>
    case 'command':
      return <Mention>/{node.name}</Mention>
    case 'navigation':
      return <Mention>{navigationNames[node.to]}</Mention>
    case 'emoji':
      return <CustomEmoji id={node.id} name={node.name} animated={node.animated} size={isLarge ? 48 : 20} />
    case 'time':
      return <TimeMention at={node.at} style={node.style} />
  }
}

function List({ start, items }: { start: number | null; items: readonly MarkdownNode[][] }) {
  const rows = items.map((item, index) => (
    // oxlint-disable-next-line react/no-array-index-key
    <li key={index}>
      <Nodes nodes={item} />
    </li>
  ))
  if (start === null) return <ul className="list-disc ps-6 marker:text-ink-3">{rows}</ul>
  return (
    <ol start={start} className="list-decimal ps-8 marker:text-ink-3 marker:tabular-nums">
      {rows}
    </ol>
  )
}
