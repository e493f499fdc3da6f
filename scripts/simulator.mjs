import { createServer } from 'vite'
import { endOfProcess } from './lib/end-of-process.mjs'
import { inProject } from './lib/project.mjs'

// Vite runs the TypeScript sources without a build and keeps line numbers in errors. It serves no pages, but
// stays open for modules that the simulator loads later.
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
