import { relative } from 'node:path'
import { BaseSequencer } from 'vitest/node'
import { root } from './project.mjs'
import { readTestSeconds } from './test-seconds.mjs'

/** Approximate durations in seconds, for a computer that has no measurements yet. */
const LONG_FILES = {
  'test/e2e/main-window-states.test.ts': 120,
  'test/e2e/terminal-stream.test.ts': 100,
  'test/e2e/guard.test.ts': 100,
  'test/e2e/terminal-sessions.test.ts': 90,
  'test/e2e/shell-requests.test.ts': 80,
  'test/e2e/money.test.ts': 75,
  'test/e2e/costs-page.test.ts': 70,
  'test/e2e/look.test.ts': 65,
  'test/e2e/terminal-states.test.ts': 60,
  'test/e2e/crash-matrix.test.ts': 60,
  'test/e2e/terminal-passphrase.test.ts': 50,
  'test/e2e/quit.test.ts': 50,
  'test/e2e/terminal-hostile.test.ts': 45,
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
