import { buildApp } from './lib/build.mjs'
import { runEndToEndTests } from './lib/end-to-end.mjs'
import { runCommand } from './lib/say.mjs'
import { setUp } from './set-up.mjs'

/** `npm run test:e2e [-- FILE-FILTER…]`: the end-to-end tests alone, on a fresh build. */
await runCommand(async () => {
  await setUp({ forTests: true })
  await buildApp()
  const { code } = await runEndToEndTests(process.argv.slice(2), { isShown: true })
  return code ?? 1
})
