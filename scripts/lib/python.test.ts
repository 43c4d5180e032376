import { expect, test } from 'vitest'
import { ensurePython } from './python.ts'

/** A machine on which the Pythons of `knowing` know websocket-client, and, once something is installed, Debian's. */
function machine(knowing: string[], { isRoot = true, installs = true } = {}) {
  const ran: string[] = []
  const known = new Set(knowing)
  const run = (command: string, args: string[]) => {
    ran.push([command, ...args].join(' '))
    if (installs && args[0] === 'install') known.add('/usr/bin/python3')
  }
  return { ran, ensure: () => ensurePython({ has: () => true, isRoot, run }, (python) => known.has(python)) }
}

test('a Python that knows it is taken, the one in PATH first, and nothing is installed', () => {
  const { ran, ensure } = machine(['/usr/bin/python3', 'python3'])
  expect(ensure()).toBe('python3')
  expect(ran).toEqual([])
})

test('root on Debian gets the system’s', () => {
  const { ran, ensure } = machine([])
  expect(ensure()).toBe('/usr/bin/python3')
  expect(ran.at(-1)).toMatch(/^apt-get install .* python3 python3-websocket$/)
})

test.each([{ isRoot: false }, { installs: false }])('where it cannot be had it says in a line how to: %j', (how) => {
  expect(machine([], how).ensure).toThrow(/^The Python example needs websocket-client: apt-get install .*\.$/)
})
