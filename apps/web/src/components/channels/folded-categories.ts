import { useState } from 'react'

const KEY = 'folded-categories'
/** So many are remembered, of all servers; the oldest go first. */
const KEPT = 200

/** Where a browser keeps nothing, or something else has written there, nothing is folded. */
function read(): string[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? '[]')
    return Array.isArray(kept) ? kept.filter((id) => typeof id === 'string') : []
  } catch {
    return []
  }
}

function write(ids: readonly string[]): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(ids.slice(-KEPT)))
  } catch {
    // It holds until the page is loaded anew.
  }
}

/** Whether a category is folded; this browser remembers it. */
export function useFolded(categoryId: string): [folded: boolean, setFolded: (folded: boolean) => void] {
  const [folded, set] = useState(() => read().includes(categoryId))
  return [
    folded,
    (next) => {
      set(next)
      const others = read().filter((id) => id !== categoryId)
      write(next ? [...others, categoryId] : others)
    },
  ]
}
