import { withBenchModule } from './lib/bench-module.mjs'
import { runCommand } from './lib/log.mjs'
import { inProject } from './lib/project.mjs'

/**
 * `npm run bench [-- GROUP or GROUP/PART …]`: measures the built app beside its baselines, on Linux in a
 * desktop session of its own. Results never fail the command; only a benchmark that can't run does.
 */
await runCommand(() =>
  withBenchModule('bench/run.ts', ({ runBench }) => runBench(process.argv.slice(2), inProject())),
)
