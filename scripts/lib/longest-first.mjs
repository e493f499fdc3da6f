import { relative } from 'node:path'
import { BaseSequencer } from 'vitest/node'
import { root } from './project.mjs'
import { readTestSeconds } from './test-seconds.mjs'

/** Approximate durations in seconds, for a computer that has no measurements yet. */
const LONG_FILES = {
  'test/e2e/look-inside.test.ts': 80,
  'test/e2e/guard.test.ts': 75,
  'test/e2e/main-window-states.test.ts': 75,
  'test/e2e/crash-matrix.test.ts': 55,
  'test/e2e/quit.test.ts': 50,
  'test/e2e/money.test.ts': 45,
  'test/e2e/terminal-states.test.ts': 42,
  'test/e2e/notifications.test.ts': 38,
  'test/e2e/costs-page.test.ts': 38,
  'test/e2e/terminal-process.test.ts': 37,
  'test/e2e/account.test.ts': 36,
  'test/e2e/recovery.test.ts': 36,
  'test/e2e/pods.test.ts': 33,
  'test/e2e/terminal-vttest.test.ts': 32,
  'test/e2e/cli-watch.test.ts': 32,
  'test/e2e/terminal-sessions.test.ts': 31,
  'test/e2e/alerts.test.ts': 31,
  'test/e2e/look.test.ts': 30,
  'test/e2e/terminal-hostile.test.ts': 30,
  'test/cli/look.test.ts': 65,
  'test/ssh/run/look-inside.test.ts': 38,
  'test/cli/commands.test.ts': 50,
  'test/cli/damaged-folder.test.ts': 45,
  'test/cli/hostile-computer.test.ts': 40,
  'test/cli/hostile-api/actions.test.ts': 32,
  'test/cli/hostile-api/reads.test.ts': 25,
  'test/cli/control/holder.test.ts': 24,
  'test/ssh/run/run-command.test.ts': 29,
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
