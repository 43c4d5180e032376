import { installByApt } from './apt.ts'
import { here, type Machine } from './chromium.ts'

const COMPILER = '/usr/bin/cc'

/**
 * Finds a C compiler or, on a Debian where that may be done, installs one.
 *
 * @throws {Error} that says in one line how to, where it cannot.
 */
export function ensureCompiler({ has, isRoot, run }: Pick<Machine, 'has' | 'isRoot' | 'run'> = here): string {
  if (!has(COMPILER) && isRoot && has('/usr/bin/apt-get')) installByApt(run, 'gcc', 'libc6-dev')
  if (has(COMPILER)) return COMPILER
  throw new Error('The floor is a C program: install a compiler (Debian: apt-get install gcc libc6-dev).')
}
