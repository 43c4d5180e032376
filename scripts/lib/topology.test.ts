import { join } from 'node:path'
import { expect, test } from 'vitest'
import { StartRefused, topology } from './topology.ts'

const root = join(import.meta.dirname, '../..')
const env = {}

test.each([
  [
    'docs',
    true,
    /^--pages docs: there is no vite\.config\.ts and no router\.tsx in .*docs; examples\/lobby is one to copy\.$/,
  ],
  ['apps/web', true, /^--pages apps\/web: there is no router\.tsx in /],
  ['no/such/folder', true, /^--pages no\/such\/folder: there is no vite\.config\.ts and no router\.tsx in /],
  ['', true, /^--pages needs the folder/],
  ['examples/lobby', false, /^--pages needs --watch/],
])('a folder that is no page is refused: %j', (pages, watch, why) => {
  const refused = () => topology(env, { root, watch, pages })
  expect(refused).toThrow(StartRefused)
  expect(refused).toThrow(why)
})

test.each(['examples/lobby', join(root, 'examples/lobby')])('pages are served from their folder: %s', (pages) => {
  const web = topology(env, { root, watch: true, pages }).processes.find(({ name }) => name === 'web')
  expect(web?.args).toContain(join(root, 'examples/lobby/vite.config.ts'))
})
