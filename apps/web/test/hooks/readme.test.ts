import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import * as hooks from '../../src/hooks/index.ts'

const read = (path: string) => readFile(new URL(path, import.meta.url), 'utf8')

test('the README’s examples are those that are compiled', async () => {
  const examples = [...(await read('../../src/hooks/README.md')).matchAll(/```tsx\n(function [^]*?)```/g)]
  const compiled = await read('./readme-examples.tsx')
  expect(examples.length).toBeGreaterThan(4)
  for (const [, example = ''] of examples) expect(compiled).toContain(example)
})

test('every hook has a section in the README', async () => {
  const readme = await read('../../src/hooks/README.md')
  const named = [...readme.matchAll(/^## `(\w+)\(/gm)].map(([, name]) => name)
  expect(new Set(named)).toEqual(new Set(Object.keys(hooks).filter((name) => name.startsWith('use'))))
})
