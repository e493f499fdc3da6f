import { existsSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { inProject } from '../../scripts/lib/project.mjs'
import { groups } from '../../tools/mutation/groups.mjs'

describe.each(Object.entries(groups))('the mutation group %s', (_name, { files, tests }) => {
  test.each([...files, ...tests])('names a file that exists: %s', (path) => {
    expect(existsSync(inProject(path))).toBe(true)
  })

  test('has files to mutate and tests to run, each named once', () => {
    for (const paths of [files, tests]) {
      expect(paths.length).toBeGreaterThan(0)
      expect(new Set(paths).size).toBe(paths.length)
    }
  })
})
