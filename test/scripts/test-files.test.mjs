import { expect, test } from 'vitest'
import { importsOf, stepOf, testFiles, testsOfChanges } from '../../scripts/lib/test-files.mjs'

test('a test file belongs to the step that runs its folder', () => {
  expect(
    ['test/e2e/tray.test.ts', 'test/browser/volumes.test.ts', 'test/core/idle/sample.test.ts'].map(stepOf),
  ).toEqual(['e2e', 'browser', 'unit'])
})

test('what changed is tested by its mirror and by what imports it, and a changed test by itself', () => {
  const ofSource = testsOfChanges(['src/core/idle/sample.ts'])
  expect(ofSource).toContain('test/core/idle/sample.test.ts')
  expect(ofSource).not.toContain('test/core/queue/jobs/job-codec.test.ts')
  expect(testsOfChanges(['test/harness/monitor/change-world.ts'])).toEqual(
    testFiles().filter((path) => importsOf(path).includes('test/harness/monitor/change-world.ts')),
  )
  expect(testsOfChanges(['test/e2e/tray.test.ts', 'README.md'])).toEqual(['test/e2e/tray.test.ts'])
  expect(testsOfChanges([])).toEqual([])
})
