import { runnerImport } from 'vite'
import { inProject } from './lib/project.mjs'
import { endOfProcess } from './lib/end-of-process.mjs'

// Vite runs the TypeScript as it is: nothing to build, and the lines of an error are those of the source.
const { module } = await runnerImport(inProject('src/simulator/main.ts'))
process.exitCode = await module.runSimulator(process.argv.slice(2), console.log, endOfProcess())
