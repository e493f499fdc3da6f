import { expect, test } from 'vitest'
import {
  costliestFiles,
  countPassed,
  failureLines,
  failuresOf,
  tallyFailures,
} from '../../scripts/lib/test-summary.mjs'

const file = (path, states, over = {}) => ({
  path,
  seconds: 1,
  hasFailed: Object.values(states).includes('failed'),
  tests: Object.entries(states).map(([name, state]) => ({ name, state })),
  ...over,
})

test('only tests that passed are counted', () => {
  expect(countPassed([file('a', { x: 'passed', y: 'skipped' }), file('b', { z: 'passed' })])).toBe(2)
})

test('the ten files with the most processor time are listed, the costliest first', () => {
  const files = Array.from({ length: 12 }, (_, index) =>
    file(`f${index}`, {}, { seconds: 100 - index, processorSeconds: index }),
  )
  const lines = costliestFiles(files)
  expect(lines).toHaveLength(10)
  expect(lines[0]).toBe('   11.0 s of processor time     89.0 s  f11')
  expect(lines[9]).toBe('    2.0 s of processor time     98.0 s  f2')
})

test('where no processor time is known, the slowest files are listed', () => {
  const files = [1, 3, 2].map((seconds) => file(`f${seconds}`, {}, { seconds, processorSeconds: null }))
  expect(costliestFiles(files).map((line) => line.trim().split(/\s+/).at(-1))).toEqual(['f3', 'f2', 'f1'])
})

test('a run that ended well has no failures', () => {
  expect(failuresOf({ code: 0, files: [file('a', { x: 'passed' })] })).toEqual([])
})

test('a failed test is named with its file', () => {
  expect(failuresOf({ code: 1, files: [file('a', { x: 'passed', y: 'failed' })] })).toEqual(['a > y'])
})

test('a file that fails outside of its tests is a failure', () => {
  expect(failuresOf({ code: 1, files: [file('a', { x: 'skipped' }, { hasFailed: true })] })).toEqual([
    'a (outside of its tests)',
  ])
})

test('a run that fails for no reason of its tests is a failure, also when it was killed', () => {
  expect(failuresOf({ code: 1, files: [file('a', { x: 'passed' })] })).toEqual([
    'the run itself (exit code 1)',
  ])
  expect(failuresOf({ code: null, files: [] })).toEqual(['the run itself (exit code null)'])
})

test('what failed is listed with the start of each error, on one line', () => {
  const failed = {
    ...file('a', {}, { hasFailed: true }),
    tests: [{ name: 'y', state: 'failed', errors: [`expected 1\n  to be ${'2'.repeat(400)}`, 'timed out'] }],
  }
  const broken = file('b', { x: 'passed' }, { hasFailed: true, errors: ['no such module'] })
  expect(failureLines({ code: 1, files: [failed, broken] })).toEqual([
    '  a > y',
    `    expected 1 to be ${'2'.repeat(283)}`,
    '    timed out',
    '  b (outside of its tests)',
    '    no such module',
  ])
  expect(failureLines({ code: 0, files: [file('a', { x: 'passed' })] })).toEqual([])
})

test('failures of several runs are counted by name, the most frequent first', () => {
  const runs = [
    { code: 1, files: [file('a', { x: 'failed', y: 'passed' })] },
    { code: 1, files: [file('a', { x: 'failed', y: 'failed' })] },
    { code: 0, files: [file('a', { x: 'passed', y: 'passed' })] },
  ]
  expect(tallyFailures(runs)).toEqual([
    { name: 'a > x', count: 2 },
    { name: 'a > y', count: 1 },
  ])
})
