import { spawnSync } from 'node:child_process'
import { installByApt } from './apt.ts'
import { here, type Machine } from './chromium.ts'

/** Debian's, which has its packages, comes after one that somebody put first in their PATH. */
const CANDIDATES = ['python3', '/usr/bin/python3']

/** Whether a Python knows websocket-client. */
export const hasWebsocket = (python: string): boolean => spawnSync(python, ['-c', 'import websocket']).status === 0

/**
 * A Python that knows websocket-client, which examples/http/backend.py needs. It is installed where it is missing and apt-get may.
 *
 * @throws {Error} that says in one line how to, where it cannot.
 */
export function ensurePython(machine: Pick<Machine, 'has' | 'isRoot' | 'run'> = here, works = hasWebsocket): string {
  const found = CANDIDATES.find(works)
  if (found !== undefined) return found
  if (machine.isRoot && machine.has('/usr/bin/apt-get')) installByApt(machine.run, 'python3', 'python3-websocket')
  const installed = CANDIDATES.find(works)
  if (installed !== undefined) return installed
  throw new Error(
    'The Python example needs websocket-client: apt-get install python3-websocket, or pip install websocket-client.',
  )
}
