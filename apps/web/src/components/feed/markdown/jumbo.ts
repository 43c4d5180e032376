import type { MarkdownNode } from './nodes.ts'

/** As many as Discord's clients show large, and not one more. */
const JUMBO_MAX = 30

const EMOJI = /\p{RGI_Emoji}/gv

/** Whether a message is nothing but emoji, and few enough, and so is shown large. */
export function isJumbo(nodes: readonly MarkdownNode[]): boolean {
  let emoji = 0
  for (const node of nodes) {
    if (node.type === 'emoji') emoji += 1
    else if (node.type === 'text' && node.text.replaceAll(EMOJI, '').trim() === '') {
      emoji += node.text.match(EMOJI)?.length ?? 0
    } else return false
  }
  return emoji > 0 && emoji <= JUMBO_MAX
}
