import { parseArgs, stripVTControlCharacters } from 'node:util'
import { runEndToEndTests } from './lib/end-to-end.mjs'
import { inProject } from './lib/project.mjs'
import { runNpm } from './lib/run.mjs'
import { Refusal, runCommand, say } from './lib/say.mjs'
import { setUp } from './set-up.mjs'

const npmScript = (name) => (filters) =>
  runNpm(['run', '--silent', name, ...(filters.length > 0 ? ['--', ...filters] : [])], { cwd: inProject() })

/** In this order; the first that fails ends the run. `filters` go to those that run tests. */
const STEPS = {
  format: npmScript('check:format'),
  lint: npmScript('check:lint'),
  types: npmScript('check:types'),
  unused: npmScript('check:unused'),
  unit: npmScript('test:unit'),
  build: npmScript('build'),
  e2e: (filters) => runEndToEndTests(filters, { isShown: false }),
}
const RUN_TESTS = ['unit', 'e2e']

/** `npm test [-- --only STEP[,STEP…] [FILE-FILTER…]]` */
await runCommand(async () => {
  const { values, positionals } = parseArgs({ options: { only: { type: 'string' } }, allowPositionals: true })
  const chosen = chosenSteps(values.only)
  await setUp({ forTests: chosen.includes('e2e') })
  let passed = 0
  for (const name of chosen) {
    const isRunningTests = RUN_TESTS.includes(name)
    const startedAtMs = performance.now()
    process.stdout.write(`${name.padEnd(8)}`)
    const { code, output } = await STEPS[name](isRunningTests ? positionals : [])
    const counted = isRunningTests ? passedTests(output) : 0
    const seconds = ((performance.now() - startedAtMs) / 1000).toFixed(1)
    const tests = isRunningTests ? `  ${counted} tests` : ''
    say(`${code === 0 ? 'ok' : 'FAILED'} ${seconds.padStart(6)} s${tests}`)
    if (code !== 0)
      throw new Refusal(`\n${output.trimEnd()}\n\n${name} failed; alone: npm test -- --only ${name}`)
    passed += counted
  }
  if (passed > 0) say(`\n${passed} passed, 0 failed`)
})

function chosenSteps(only) {
  if (only === undefined) return Object.keys(STEPS)
  const chosen = only.split(',')
  const unknown = chosen.filter((name) => !(name in STEPS))
  if (unknown.length > 0)
    throw new Refusal(`No step "${unknown}"; there are ${Object.keys(STEPS).join(', ')}.`)
  // The end-to-end tests run what was built.
  return Object.keys(STEPS).filter(
    (name) => chosen.includes(name) || (name === 'build' && chosen.includes('e2e')),
  )
}

/** From vitest's summary: "Tests  12 passed | 1 skipped (13)". */
function passedTests(output) {
  return Number(/^\s*Tests\s.*?(\d+) passed/m.exec(stripVTControlCharacters(output))?.[1] ?? 0)
}
