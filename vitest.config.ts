import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/**
 * Three suites, by what they cost. A file's name says which it belongs to:
 * `*.test.ts` runs in process, `*.integration.ts` starts real processes and sockets, `*.e2e.ts` drives a browser. What runs in
 * process and puts other modules in the place of some is a `*.mocked.ts`; what is traced in a browser runs alone, a `*.traced.ts`.
 */
const expect = {
  // What is waited for comes at once, or later on a machine that is busy; nothing is waited for that does not.
  poll: { timeout: 20_000 },
}

/** What takes longest begins first, or all else is done and one worker still goes through every page and state. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    const isLongest = ({ moduleId }: TestSpecification) => moduleId.endsWith('/test/access.e2e.ts')
    return [...sorted.filter(isLongest), ...sorted.filter((file) => !isLongest(file))]
  }
}

export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        test: {
          name: 'unit',
          expect,
          include: ['{packages,apps}/*/{src,test}/**/*.test.{ts,tsx}', 'test/**/*.test.ts', 'scripts/**/*.test.ts'],
          setupFiles: ['test/lib/properties.ts'],
          // Properties of some thousand runs, on a machine that may be busy: nothing here waits for so long unless it hangs.
          testTimeout: 30_000,
          // One life of the modules for all files of a worker: loading them anew for each takes as long as the tests.
          isolate: false,
        },
      },
      {
        test: { name: 'mocked', expect, include: ['{packages,apps}/*/test/**/*.mocked.ts'] },
      },
      {
        test: {
          name: 'integration',
          expect,
          include: ['{packages,apps}/*/test/**/*.integration.ts', 'test/**/*.integration.ts'],
          // Each starts processes, on a machine that may be busy with others.
          testTimeout: 90_000,
          hookTimeout: 90_000,
          // They wait for processes most of the time, also where there are two cores.
          maxWorkers: 3,
        },
      },
      {
        test: {
          name: 'e2e',
          expect,
          include: ['test/**/*.e2e.ts'],
          testTimeout: 60_000,
          hookTimeout: 120_000,
          // Each has its own stack on ports of its own, and waits most of the time.
          maxWorkers: 2,
        },
      },
      {
        test: {
          name: 'traced',
          expect,
          include: ['test/**/*.traced.ts'],
          testTimeout: 60_000,
          hookTimeout: 120_000,
          // After all others, and alone: what else runs takes the page's data out of the processor's caches.
          sequence: { groupOrder: 1 },
          maxWorkers: 1,
        },
      },
    ],
  },
})
