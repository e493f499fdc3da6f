import { expect, test } from 'vitest'
import { sortLongestFirst } from '../../scripts/lib/longest-first.mjs'
import { inProject } from '../../scripts/lib/project.mjs'

const specification = (path, groupOrder = 0) => ({
  moduleId: inProject(path),
  project: { config: { sequence: { groupOrder } } },
})

test('the longest test file starts first, and one that was never measured last', () => {
  const [short, long, unknown] = ['short', 'long', 'unknown'].map((name) => specification(name))
  expect(sortLongestFirst([unknown, short, long], { short: 1, long: 9 })).toEqual([long, short, unknown])
})

test('a project that is to run later does so, however long its files take', () => {
  const [first, later] = [specification('first', 0), specification('later', 1)]
  expect(sortLongestFirst([later, first], { first: 1, later: 9 })).toEqual([first, later])
})
