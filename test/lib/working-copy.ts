import { cp, mkdir, mkdtemp, readdir, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ROOT } from './child.ts'

const LEFT_OUT: ReadonlySet<string> = new Set(['node_modules', 'dist', 'test', 'docs'])
const WORKSPACES = '@repo'

/** The sources in a folder of their own, for a test that edits them; what npm installed is linked, not copied. */
export async function workingCopy() {
  const path = await mkdtemp(join(tmpdir(), 'working-copy-'))
  for (const entry of await readdir(ROOT)) {
    if (entry.startsWith('.') || LEFT_OUT.has(entry)) continue
    await cp(join(ROOT, entry), join(path, entry), {
      recursive: true,
      filter: (source) => !LEFT_OUT.has(source.slice(source.lastIndexOf('/') + 1)),
    })
  }
  const installed = join(ROOT, 'node_modules')
  await mkdir(join(path, 'node_modules'))
  for (const entry of await readdir(installed)) {
    if (entry === WORKSPACES)
      await cp(join(installed, entry), join(path, 'node_modules', entry), { recursive: true, verbatimSymlinks: true })
    else if (entry !== '.vite') await symlink(join(installed, entry), join(path, 'node_modules', entry))
  }
  return {
    path,
    [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }),
  }
}
