const ITEM = /^( *)([*-]|\d{1,9}\.) +(\S.*)$/

export type ListSource = {
  /** As typed, with the break that ends it. */
  source: string
  /** The number of the first item; null where they are dots. */
  start: number | null
  /** What each says, lists within it a level further out. */
  items: string[]
}

/** The list that a text begins with. It ends at a line that is neither an item nor set in under one. */
export function listAt(text: string): ListSource | null {
  const first = ITEM.exec(lineAt(text, 0))
  if (first === null) return null
  const [, { length: indent } = '', marker = ''] = first
  const isNumbered = marker.endsWith('.')
  const setIn = new RegExp(`^ {${indent + 2},}\\S`)
  const items: string[] = []
  let end = 0
  while (end < text.length) {
    const line = lineAt(text, end)
    const item = ITEM.exec(line)
    if (item !== null && item[1]!.length <= indent + 1) {
      if (item[2]!.endsWith('.') !== isNumbered) break
      items.push(item[3]!)
    } else if (setIn.test(line)) {
      items.push(`${items.pop()}\n${line.slice(indent + 2)}`)
    } else break
    end += line.length + 1
  }
  return { source: text.slice(0, end), start: isNumbered ? Number.parseInt(marker, 10) : null, items }
}

function lineAt(text: string, from: number): string {
  const to = text.indexOf('\n', from)
  return text.slice(from, to === -1 ? text.length : to)
}
