import { relative } from 'node:path'
import { BaseSequencer } from 'vitest/node'
import { root } from './project.mjs'
import { readTestSeconds } from './test-seconds.mjs'

/** Approximate durations in seconds, for a computer that has no measurements yet. */
const LONG_FILES = {
  'test/e2e/queue-page.test.ts': 155,
  'test/e2e/shell-requests.test.ts': 155,
  'test/e2e/accounts.test.ts': 115,
  'test/e2e/demo.test.ts': 115,
  'test/e2e/hubify.test.ts': 95,
  'test/e2e/main-window-table.test.ts': 90,
  'test/e2e/guard.test.ts': 85,
  'test/e2e/look-inside.test.ts': 80,
  'test/e2e/main-window-states.test.ts': 80,
  'test/e2e/new-pod-capacity.test.ts': 75,
  'test/e2e/money.test.ts': 70,
  'test/e2e/logs.test.ts': 65,
  'test/e2e/main-window-scale.test.ts': 65,
  'test/e2e/costs-page.test.ts': 60,
  'test/e2e/notifications.test.ts': 60,
  'test/e2e/quit.test.ts': 60,
  'test/e2e/hubify-shared.test.ts': 55,
  'test/e2e/terminal-sessions.test.ts': 55,
  'test/e2e/account.test.ts': 50,
  'test/e2e/hostile-page.test.ts': 50,
  'test/e2e/terminal-process.test.ts': 50,
  'test/e2e/terminate.test.ts': 50,
  'test/cli/commands.test.ts': 105,
  'test/cli/create.test.ts': 105,
  'test/cli/accounts/commands.test.ts': 95,
  'test/cli/accounts/watch.test.ts': 95,
  'test/ssh/jobs/job-life.test.ts': 80,
  'test/cli/accounts/keys.test.ts': 75,
  'test/cli/cp.test.ts': 75,
  'test/ssh/files/two-transfers.test.ts': 75,
  'test/cli/look.test.ts': 70,
  'test/cli/accounts/labs.test.ts': 65,
  'test/cli/hostile-api/actions.test.ts': 65,
  'test/ssh/files/transfer-trouble.test.ts': 65,
  'test/ssh/run/pod-guard-host.test.ts': 65,
  'test/cli/control/alone.test.ts': 60,
  'test/cli/control/holder.test.ts': 60,
  'test/cli/watch/watch.test.ts': 60,
  'test/cli/commands/actions.test.ts': 55,
  'test/cli/damaged-folder.test.ts': 55,
  'test/cli/hostile-computer.test.ts': 55,
  'test/ssh/jobs/job-host.test.ts': 55,
  'test/ssh/run/look-inside.test.ts': 55,
  'test/cli/login-account.test.ts': 50,
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
