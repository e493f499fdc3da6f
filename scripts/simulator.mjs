import { runnerImport } from 'vite'
import { endOfProcess } from './lib/end-of-process.mjs'
import { inProject } from './lib/project.mjs'

// Vite runs the TypeScript as it is: nothing to build, and the lines of an error are those of the source.
const options = { root: inProject(), configFile: false }
const { module } = await runnerImport(inProject('src/simulator/main.ts'), options)
process.exitCode = await module.runSimulator(process.argv.slice(2), console.log, endOfProcess())
