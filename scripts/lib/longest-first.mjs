import { relative } from 'node:path'
import { BaseSequencer } from 'vitest/node'
import { root } from './project.mjs'
import { readTestSeconds } from './test-seconds.mjs'

/** Where a file was never measured on this computer, these are what it took on another one, in seconds. */
const LONG_FILES = {}

/**
 * The order in which vitest starts test files: the longest first, so that no worker is left with a long one at the
 * end while the others have nothing to do.
 */
export default class LongestFirst extends BaseSequencer {
  async sort(specifications) {
    return sortLongestFirst(specifications, { ...LONG_FILES, ...readTestSeconds() })
  }
}

/** `seconds` are by path in the checkout; a file without any comes last. The order of projects stays as it is set. */
export function sortLongestFirst(specifications, seconds) {
  const orderOf = ({ project }) => project.config.sequence.groupOrder
  const secondsOf = ({ moduleId }) => seconds[relative(root, moduleId)] ?? 0
  return specifications.toSorted((a, b) => orderOf(a) - orderOf(b) || secondsOf(b) - secondsOf(a))
}
