import { createHash } from 'node:crypto'
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join, relative } from 'node:path'

const KEPT_BUILDS = 5
const DAY_MS = 86_400_000
/** A running program touches it. Programs have the same name, see src/node/installed-build.ts. */
const IN_USE_FILE = 'in-use'

/** What people start, and how it starts the build of a name. */
const CLI_ENTRY = {
  file: 'podkeeper.mjs',
  textFor: (name) => `#!/usr/bin/env node\nimport './builds/${name}/podkeeper.mjs'\n`,
}
export const APP_ENTRY = {
  file: 'main/index.js',
  textFor: (name) => `require('../builds/${name}/main/index.js')\n`,
}

/**
 * Moves a finished build to `<folder>/builds/<version>-<hash of its files>` and writes its entry, by default that of
 * the command line. What runs has the folder of its own, whatever is built: those of the newest five builds and of
 * programs that ran in the last 24 h stay. Returns the name of the build.
 */
export function placeBuild(folder, staged, version, { entry = CLI_ENTRY, nowMs = Date.now() } = {}) {
  const builds = join(folder, 'builds')
  const name = `${version}-${hashOf(staged)}`
  const place = join(builds, name)
  mkdirSync(builds, { recursive: true })
  try {
    renameSync(staged, place)
  } catch (cause) {
    // The same files are there.
    if (cause.code !== 'ENOTEMPTY' && cause.code !== 'EEXIST' && cause.code !== 'EPERM') throw cause
    rmSync(staged, { recursive: true })
  }
  // It is the newest again, also where it was built before.
  writeFileSync(join(place, 'built'), '')
  utimesSync(join(place, 'built'), nowMs / 1_000, nowMs / 1_000)
  const file = join(folder, entry.file)
  const newFile = `${file}.${process.pid}`
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(newFile, entry.textFor(name), { mode: 0o755 })
  renameSync(newFile, file)
  removeOldBuilds(builds, name, nowMs)
  return name
}

function removeOldBuilds(builds, current, nowMs) {
  const names = readdirSync(builds)
  // A build that was ended left them.
  for (const name of names.filter((each) => each.startsWith('.new-')))
    if (changedAtMs(join(builds, name)) < nowMs - DAY_MS)
      rmSync(join(builds, name), { recursive: true, force: true })
  const placed = names
    .map((name) => ({ name, builtAtMs: changedAtMs(join(builds, name, 'built')) }))
    .filter(({ builtAtMs }) => builtAtMs !== null)
    .sort((one, other) => other.builtAtMs - one.builtAtMs)
  for (const { name } of placed.slice(KEPT_BUILDS)) {
    // The clock may have been set back.
    if (name === current) continue
    const usedAtMs = changedAtMs(join(builds, name, IN_USE_FILE))
    if (usedAtMs === null || usedAtMs < nowMs - DAY_MS)
      rmSync(join(builds, name), { recursive: true, force: true })
  }
}

function changedAtMs(path) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? null
}

function hashOf(folder) {
  const hash = createHash('sha256')
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((each) => each.isFile())
  const paths = files.map((each) => relative(folder, join(each.parentPath, each.name)).replaceAll('\\', '/'))
  for (const path of paths.sort())
    hash
      .update(`${path}\0`)
      .update(readFileSync(join(folder, path)))
      .update('\0')
  return hash.digest('hex').slice(0, 10)
}
