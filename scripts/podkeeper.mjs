import { pathToFileURL } from 'node:url'
import { buildCli, cliProgram } from './lib/build.mjs'
import { checkNode, ensureNpmPackages } from './lib/npm-packages.mjs'
import { runCommand, warn } from './lib/log.mjs'

/** `npm run podkeeper -- …`: runs the CLI, rebuilt when a source is newer. */
await runCommand(async () => {
  checkNode()
  await ensureNpmPackages(warn)
  await buildCli()
  await import(pathToFileURL(cliProgram).href)
})
