import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join, relative } from 'node:path'
import { copyBuilt } from '../copy-built.mjs'
import { cliProgram } from '../build.mjs'
import { inProject, readJson } from '../project.mjs'

/** What cli.vite.config.mts doesn't bundle. */
const EXTERNAL_PACKAGES = ['node-notifier', 'ssh2']
/** Programs for other systems, and what only their authors use. */
const LEFT_OUT = /^(vendor|test|examples|util|install\.js)(\/|$)/

/**
 * Puts the built command line into `folder`, in the layout that it is built in: an entry, and a folder for the build,
 * which has all packages that it loads. So the build of an earlier version can stay beside it while it runs.
 */
export function placeCli(folder) {
  const [, build] = /'\.\/builds\/([\w.-]+)\//.exec(readFileSync(cliProgram, 'utf8'))
  const place = join(folder, 'builds', build)
  mkdirSync(place, { recursive: true })
  copyBuilt(inProject('out/cli/builds', build), place)
  for (const source of packagesBeside().map((one) => inProject(one))) {
    cpSync(source, join(place, 'node_modules', basename(source)), {
      recursive: true,
      filter: (path) => !LEFT_OUT.test(relative(source, path)),
    })
  }
  writeFileSync(join(folder, 'podkeeper.mjs'), entry(build), { mode: 0o755 })
}

/** The folders of the npm packages beside the command line, such as "node_modules/ssh2". */
export const packagesBeside = () => [...packagesOf(EXTERNAL_PACKAGES)]

/** The folders of these packages and of those that they need, each once. Optional ones are native add-ons. */
function packagesOf(names, found = new Set()) {
  for (const name of names) {
    const folder = `node_modules/${name}`
    if (found.has(folder)) continue
    found.add(folder)
    const source = inProject(folder)
    const needed = Object.keys(readJson(join(source, 'package.json')).dependencies ?? {})
    packagesOf(
      needed.filter((one) => !existsSync(join(source, 'node_modules', one))),
      found,
    )
  }
  return found
}

/** An older Node.js can't even read the program. */
const entry = (build) => `#!/usr/bin/env node
const [major, minor] = process.versions.node.split('.').map(Number)
if (major > 20 || (major === 20 && minor >= 19)) await import('./builds/${build}/podkeeper.mjs')
else {
  console.error(\`podkeeper needs Node.js 20.19 or newer; this is \${process.versions.node} (\${process.execPath}).\`)
  process.exitCode = 1
}
`
