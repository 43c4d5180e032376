/** The oldest Node that this runs on: type stripping without a flag, `node:sqlite`, `shouldUpgradeCallback`. */
const NODE_MIN_MAJOR = 24

/** What is wrong with a version of Node, in one line; null when nothing is. */
export function nodeProblem(version: string): string | null {
  const major = Number.parseInt(version, 10)
  return major >= NODE_MIN_MAJOR ? null : `Node ${NODE_MIN_MAJOR} or newer is needed, this is ${version}`
}

// Checked as this module is evaluated: `main.ts` imports it first, before anything that an older Node would choke on.
const problem = nodeProblem(process.versions.node)
if (problem) {
  process.stderr.write(`discord-gateway: ${problem}\n`)
  process.exit(1)
}
