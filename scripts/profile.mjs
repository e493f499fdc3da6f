import { withBenchModule } from './lib/bench-module.mjs'
import { runCommand } from './lib/log.mjs'
import { inProject } from './lib/project.mjs'

/**
 * `npm run profile -- start|polls|terminal …`: what the processor works on, by owner and by function. With `memory`,
 * what memory is used for, by process and by owner. The whole profiles are written to .cache/profiles, for Chromium's
 * developer tools.
 */
await runCommand(() =>
  withBenchModule('bench/profile/run.ts', ({ runProfiles }) =>
    runProfiles(process.argv.slice(2), inProject()),
  ),
)
