import { readFileSync, realpathSync, watch } from 'node:fs'
import { join } from 'node:path'

/** An editor writes a file in several steps, and a formatter behind it once more: these are one edit. */
const SETTLE_MS = 100

/** The folders of sources that a workspace of ours is made of: its own, and those of the workspaces it depends on. */
export function sourcesOf(root: string, workspace: string): string[] {
  const found = new Set<string>()
  const add = (folder: string) => {
    const sources = join(folder, 'src')
    if (found.has(sources)) return
    found.add(sources)
    const { dependencies = {} } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
      dependencies?: Record<string, string>
    }
    for (const name of Object.keys(dependencies)) {
      if (name.startsWith('@repo/')) add(realpathSync(join(root, 'node_modules', name)))
    }
  }
  add(join(root, workspace))
  return [...found]
}

/** Calls back after each edit of a file below the folders, for as long as the process lives. */
export function onEdit(folders: readonly string[], edited: () => void): void {
  let timer: NodeJS.Timeout | undefined
  for (const folder of folders) {
    watch(folder, { recursive: true }, () => {
      clearTimeout(timer)
      timer = setTimeout(edited, SETTLE_MS)
    })
  }
}
