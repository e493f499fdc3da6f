import { parseArgs } from 'node:util'
import { UserError } from './log.mjs'

const MAX_WORKERS = 16
const MAX_RUNS = 1_000

/**
 * Parses `[--only STEP[,STEP…]] [--workers N] [FILTER…]`; without `--only`, all `steps` are chosen in their
 * order.
 */
export function readTestArguments(args, steps) {
  const { values, positionals } = parse(args, { only: { type: 'string' }, workers: { type: 'string' } })
  return {
    chosen: chosenSteps(values.only, steps),
    workers: values.workers === undefined ? undefined : wholeNumber('--workers', values.workers, MAX_WORKERS),
    filters: positionals,
  }
}

/** Parses `RUNS [--only STEP[,STEP…]] [--workers N] [FILTER…]`. */
export function readRepeatArguments(args, steps) {
  const { filters, ...rest } = readTestArguments(args, steps)
  const [runs, ...others] = filters
  if (runs === undefined) throw new UserError('Say how often: npm run test:repeat -- 5')
  return { runs: wholeNumber('The number of runs', runs, MAX_RUNS), filters: others, ...rest }
}

/**
 * Parses `FILTER… [-t NAME] [--watch]`, of which the last two become `options` of vitest. Filters are parts of paths.
 */
export function readOneTestArguments(args) {
  const { values, positionals } = parse(args, {
    'test-name-pattern': { type: 'string', short: 't' },
    watch: { type: 'boolean', short: 'w' },
  })
  if (positionals.length === 0)
    throw new UserError("Say which test: npm run t -- idle, or npm run t -- sample.test.ts -t 'is unknown'")
  const name = values['test-name-pattern']
  return {
    filters: positionals,
    options: [values.watch ? '--watch' : '--run', ...(name === undefined ? [] : ['-t', name])],
  }
}

function parse(args, options) {
  try {
    return parseArgs({ args, options, allowPositionals: true })
  } catch (error) {
    if (!error.code?.startsWith('ERR_PARSE_ARGS')) throw error
    throw new UserError(
      `${error.message}\nOptions: ${Object.keys(options)
        .map((name) => `--${name}`)
        .join(', ')}`,
    )
  }
}

function chosenSteps(only, steps) {
  if (only === undefined) return [...steps]
  const named = only.split(',').map((name) => name.trim())
  const unknown = named.filter((name) => !steps.includes(name))
  if (unknown.length > 0)
    throw new UserError(`There is no step "${unknown.join('", "')}". Steps: ${steps.join(', ')}`)
  return steps.filter((name) => named.includes(name))
}

function wholeNumber(what, text, max) {
  const number = Number(text)
  if (/^\d+$/.test(text) && number >= 1 && number <= max) return number
  throw new UserError(`${what} must be a whole number from 1 to ${max}, not "${text}".`)
}
