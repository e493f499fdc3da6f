import { copyFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runCommand, UserError } from './lib/log.mjs'
import { APP_ENTRY, placeBuild } from './lib/place-build.mjs'
import { inProject, readJson } from './lib/project.mjs'
import { renderIcons } from './lib/render-icons.mjs'
import { runNpm, tail } from './lib/run.mjs'
import { licensesText, shippedPackages } from './lib/shipped-packages.mjs'

/*
 * `npm run build`: the command line into out/cli, and the app into out/builds, which out/main/index.js starts. An app
 * that runs loads files late, so each build has a folder of its own. See scripts/lib/place-build.mjs.
 */
await runCommand(async () => {
  // Builds at the same time share nothing until they are finished.
  const staged = inProject(`out/builds/.new-${process.pid}`)
  try {
    renderIcons(join(staged, 'icons'))
    await npm('exec', '--', 'electron-vite', 'build', '--outDir', staged)
    await npm('run', '--silent', 'build:cli')
    writeFileSync(join(staged, 'licenses.txt'), licensesText(shippedPackages()))
    copyFileSync(inProject('CHANGELOG.md'), join(staged, 'changelog.md'))
    placeBuild(inProject('out'), staged, readJson(inProject('package.json')).version, { entry: APP_ENTRY })
  } finally {
    rmSync(staged, { recursive: true, force: true })
  }
})

async function npm(...args) {
  const { code, output } = await runNpm(args, { cwd: inProject() })
  if (code !== 0) throw new UserError(tail(output))
}
