import { expect, test } from 'vitest'
import {
  readOneTestArguments,
  readRepeatArguments,
  readTestArguments,
} from '../../scripts/lib/test-arguments.mjs'

const STEPS = ['lint', 'unit', 'e2e']
const read = (...args) => readTestArguments(args, STEPS)
const readRepeat = (...args) => readRepeatArguments(args, STEPS)

test('without arguments all steps are chosen, with the default number of workers', () => {
  expect(read()).toEqual({ chosen: STEPS, workers: undefined, filters: [] })
})

test('the steps named are chosen in the order of the steps, and the rest are filters', () => {
  expect(read('--only', 'e2e,unit', 'idle', '--workers', '2', 'tray')).toEqual({
    chosen: ['unit', 'e2e'],
    workers: 2,
    filters: ['idle', 'tray'],
  })
})

test.each([
  [['--only', 'unit,e3e'], 'There is no step "e3e". Steps: lint, unit, e2e'],
  [['--only', ''], 'There is no step "". Steps: lint, unit, e2e'],
  [['--only'], '--only'],
  [['--onyl', 'unit'], 'Options: --only, --workers'],
  [['--workers', '0'], '--workers must be a whole number from 1 to 16, not "0".'],
  [['--workers', '17'], '--workers must be'],
  [['--workers', '2.5'], '--workers must be'],
  [['--workers', 'two'], '--workers must be'],
])('the arguments %j are refused with a message that names the mistake', (args, message) => {
  expect(() => read(...args)).toThrow(message)
})

test('a repetition takes its number of runs first', () => {
  expect(readRepeat('5', 'idle', '--only', 'e2e')).toEqual({
    runs: 5,
    chosen: ['e2e'],
    workers: undefined,
    filters: ['idle'],
  })
})

test.each([
  [[], 'npm run test:repeat -- 5'],
  [['idle'], 'The number of runs must be a whole number from 1 to 1000, not "idle".'],
  [['0'], 'The number of runs must be'],
  [['5', '--only', 'lint2'], 'There is no step "lint2"'],
])('the arguments %j of a repetition are refused with a message that names the mistake', (args, message) => {
  expect(() => readRepeat(...args)).toThrow(message)
})

test('one test is chosen by parts of its path, and by a part of its title', () => {
  expect(readOneTestArguments(['idle', '-t', 'is unknown'])).toEqual({
    filters: ['idle'],
    options: ['--run', '-t', 'is unknown'],
  })
  expect(readOneTestArguments(['--watch', 'idle', 'tray'])).toEqual({
    filters: ['idle', 'tray'],
    options: ['--watch'],
  })
  expect(() => readOneTestArguments(['-t', 'is unknown'])).toThrow('Say which test: npm run t -- idle')
  expect(() => readOneTestArguments(['--wach', 'idle'])).toThrow('Options: --test-name-pattern, --watch')
})
