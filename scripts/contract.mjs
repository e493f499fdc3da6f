import { runnerImport } from 'vite'
import { inProject } from './lib/project.mjs'

const options = { root: inProject(), configFile: false }
const { module } = await runnerImport(inProject('contract/run.ts'), options)
process.exitCode = await module.runContract(process.argv.slice(2), console.log)
