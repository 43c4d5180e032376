import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'

const COMPILER = '/usr/bin/cc'

/**
 * Finds a C compiler or, on a Debian where that may be done, installs one.
 *
 * @throws {Error} that says in one line how to, where it cannot.
 */
export function ensureCompiler(): string {
  if (existsSync(COMPILER)) return COMPILER
  if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
    for (const args of [
      ['update', '-qq'],
      ['install', '-y', '-qq', '--no-install-recommends', 'gcc', 'libc6-dev'],
    ]) {
      spawnSync('apt-get', args, { stdio: 'inherit', env: environment })
    }
  }
  if (existsSync(COMPILER)) return COMPILER
  throw new Error('The floor is a C program: install a compiler (Debian: apt-get install gcc libc6-dev).')
}
