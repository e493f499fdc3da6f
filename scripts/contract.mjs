import { openModules } from './lib/open-modules.mjs'

/** `npm run contract [-- FILE or ADDRESS]`: see CONTRIBUTING.md. */
const modules = await openModules()
try {
  const { runContract } = await modules.import('contract/run.ts')
  process.exitCode = await runContract(process.argv.slice(2), console.log)
} finally {
  await modules.close()
}
