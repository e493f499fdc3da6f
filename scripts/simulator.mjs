import { createServer } from 'vite'
import { endOfProcess } from './lib/end-of-process.mjs'
import { inProject } from './lib/project.mjs'

// Vite runs the TypeScript as it is: nothing to build, and the lines of an error are those of the source. It serves
// nothing here, and stays for what the simulator loads only when it is needed.
const vite = await createServer({
  root: inProject(),
  configFile: false,
  appType: 'custom',
  server: { middlewareMode: true, hmr: false, ws: false, watch: null },
  optimizeDeps: { noDiscovery: true },
})
try {
  const { runSimulator } = await vite.ssrLoadModule(inProject('src/simulator/main.ts'))
  process.exitCode = await runSimulator(process.argv.slice(2), console.log, endOfProcess())
} finally {
  await vite.close()
}
