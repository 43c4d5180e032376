import type { Simulator } from './simulator.ts'

/** Ends it; from the first moment on, when there is nothing to close yet. */
let stop = (): void => process.exit(0)
// Before the rest is loaded, which takes some tenths of a second. The last is of whoever started it as a part of something larger.
for (const event of ['SIGTERM', 'SIGINT', 'disconnect']) process.once(event, () => stop())
const { ConfigError, readConfig } = await import('./config.ts')
const { createPlan, printPlan } = await import('./faults/plan.ts')
const { startSimulator } = await import('./simulator.ts')

const say = (line: string) => process.stdout.write(`${line}\n`)

function fail(message: string): never {
  process.stderr.write(`${message}\n`)
  process.exit(1)
}

function explain(error: unknown): string {
  if (error instanceof ConfigError) return error.message
  if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') {
    return 'the port is taken: set SIMULATOR_PORT to another'
  }
  return error instanceof Error ? error.message : String(error)
}

async function main(): Promise<void> {
  const config = readConfig(process.env, process.argv.slice(2))
  const { port, seed, life, botToken, faults, identifyWindowMs } = config
  const simulator: Simulator = await startSimulator({
    port,
    seed,
    life,
    ...(identifyWindowMs !== undefined && { identifyWindowMs }),
    ...(botToken && { botToken }),
  })

  stop = () => {
    simulator.close().then(
      () => process.exit(0),
      (error: unknown) => fail(explain(error)),
    )
  }

  say(`page      ${simulator.url}/`)
  say(`REST      ${simulator.apiUrl}/v10`)
  say(`gateway   ${simulator.gatewayUrl}`)
  say(`control   ${simulator.url}/_simulator/world`)
  say(`bot token ${simulator.botToken}`)
  if (faults) {
    const plan = createPlan({ seed: faults })
    simulator.faults.play(plan)
    say(printPlan(plan))
  }
  say(`ready, life ${life ? 'on' : 'off'}`)
}

main().catch((error: unknown) => fail(`discord-simulator: ${explain(error)}`))
