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
import { join } from 'node:path'

const KEPT_BUILDS = 5
const DAY_MS = 86_400_000
/** A running program touches it. The command line has the same name, see src/cli/watch/installed-build.ts. */
const IN_USE_FILE = 'in-use'

/**
 * Moves a finished build of the command line to `<folder>/builds/<version>-<hash of its files>` and makes
 * `<folder>/podkeeper.mjs` its entry. What runs has the folder of its own, whatever is built: those of the newest five
 * builds and of programs that ran in the last 24 h stay. Returns the name of the build.
 */
export function placeBuild(folder, staged, version, nowMs = Date.now()) {
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
  const entry = join(folder, 'podkeeper.mjs')
  const newEntry = `${entry}.${process.pid}`
  writeFileSync(newEntry, `#!/usr/bin/env node\nimport './builds/${name}/podkeeper.mjs'\n`, { mode: 0o755 })
  renameSync(newEntry, entry)
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
  for (const name of readdirSync(folder).sort())
    hash
      .update(`${name}\0`)
      .update(readFileSync(join(folder, name)))
      .update('\0')
  return hash.digest('hex').slice(0, 10)
}
