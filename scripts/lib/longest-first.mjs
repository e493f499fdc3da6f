import { relative } from 'node:path'
import { BaseSequencer } from 'vitest/node'
import { root } from './project.mjs'
import { readTestSeconds } from './test-seconds.mjs'

/** Approximate durations in seconds, for a computer that has no measurements yet. */
const LONG_FILES = {
  'test/e2e/pictures.test.ts': 225,
  'test/e2e/terminal-output.test.ts': 100,
  'test/e2e/queue-page.test.ts': 90,
  'test/e2e/terminal-windows.test.ts': 75,
  'test/e2e/demo.test.ts': 70,
  'test/e2e/accounts.test.ts': 65,
  'test/e2e/packaged.test.ts': 65,
  'test/e2e/pod-tools.test.ts': 55,
  'test/e2e/cli-control.test.ts': 55,
  'test/e2e/main-window-scale.test.ts': 50,
  'test/e2e/crash-matrix.test.ts': 50,
  'test/e2e/logs.test.ts': 45,
  'test/e2e/new-pod.test.ts': 45,
  'test/e2e/look-inside.test.ts': 40,
  'test/e2e/hubify.test.ts': 40,
  'test/e2e/terminal.test.ts': 40,
  'test/e2e/terminal-sessions.test.ts': 40,
  'test/e2e/guard.test.ts': 40,
  'test/e2e/cli-watch.test.ts': 35,
  'test/e2e/terminal-kept.test.ts': 35,
  'test/e2e/money.test.ts': 35,
  'test/e2e/terminal-passphrase.test.ts': 35,
  'test/e2e/pod-page.test.ts': 30,
  'test/ssh/files/two-transfers.test.ts': 100,
  'test/bench/queue.test.ts': 85,
  'test/contract/run.test.ts': 75,
  'test/ssh/files/transfer-trouble.test.ts': 65,
  'test/scripts/npm-scripts.test.ts': 55,
  'test/ssh/jobs/job-life.test.ts': 50,
  'test/cli/accounts/watch.test.ts': 45,
  'test/ssh/run/pod-guard-host.test.ts': 45,
  'test/core/pod-guard/guard-days.test.ts': 40,
  'test/cli/commands.test.ts': 40,
  'test/bench/guard.test.ts': 35,
  'test/core/history/history-store.test.ts': 35,
  'test/ssh/run/look-inside.test.ts': 35,
  'test/cli/create.test.ts': 35,
  'test/cli/cp.test.ts': 35,
  'test/cli/look.test.ts': 30,
  'test/core/guard/guard.property.test.ts': 30,
  'test/bench/guard-alert-faults.test.ts': 30,
  'test/core/guard/failing-stops.test.ts': 30,
  'test/main/files/files.test.ts': 30,
}

/**
 * Starts the longest test files first, so that no worker is left with a long one while the others are idle.
 */
export default class LongestFirst extends BaseSequencer {
  async sort(specifications) {
    return sortLongestFirst(specifications, { ...LONG_FILES, ...readTestSeconds() })
  }
}

/** `seconds` by path in the checkout; files without a duration come last. The order of projects is kept. */
export function sortLongestFirst(specifications, seconds) {
  const orderOf = ({ project }) => project.config.sequence.groupOrder
  const secondsOf = ({ moduleId }) => seconds[relative(root, moduleId)] ?? 0
  return specifications.toSorted((a, b) => orderOf(a) - orderOf(b) || secondsOf(b) - secondsOf(a))
}
