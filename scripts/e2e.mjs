import { buildApp } from './lib/build.mjs'
import { runEndToEndTests } from './lib/end-to-end.mjs'
import { log, runCommand, UserError } from './lib/log.mjs'
import { readTestArguments } from './lib/test-arguments.mjs'
import { costliestFiles } from './lib/test-summary.mjs'
import { setUp } from './set-up.mjs'

/** `npm run test:e2e [-- [--workers N] FILE-FILTER…]`: builds the app and runs the end-to-end tests only. */
await runCommand(async () => {
  const { filters, workers } = readTestArguments(process.argv.slice(2), ['e2e'])
  await setUp({ forTests: true })
  await buildApp()
  const { code, files } = await runEndToEndTests({ filters, workers, isShown: true })
  if (files.length === 0) throw new UserError('No test ran.')
  log(`\nfiles that cost most:\n${costliestFiles(files).join('\n')}`)
  return code ?? 1
})
