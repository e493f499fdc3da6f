import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { appBuildFolder } from './build.mjs'
import { copyBuilt } from './copy-built.mjs'
import { electronPath, releaseElectron } from './electron.mjs'
import { setFuses } from './fuses.mjs'
import { inProject, readJson } from './project.mjs'
import { run, tail } from './run.mjs'
import { log, UserError } from './log.mjs'

/** Emptied at each run. */
const staging = inProject('.cache/package')

/** Name of test builds, so that neither they nor their data are mistaken for a release's. */
const TEST_BUILD = 'Podkeeper-test-build'

/**
 * Packages the built app into `dist/NAME-PLATFORM-ARCH` and returns what an installer is made of. A release uses the
 * Electron of package.json, which packager downloads; `forTests` uses the Electron of the tests, for this
 * platform only and without network access.
 */
export async function packageApp({ forTests, platform = process.platform, arch = process.arch }) {
  rmSync(staging, { recursive: true, force: true })
  const productName = forTests ? TEST_BUILD : readJson(inProject('package.json')).productName
  const options = {
    dir: stageApp(productName),
    out: inProject('dist'),
    name: productName,
    executableName: platform === 'linux' ? productName.toLowerCase() : productName,
    platform,
    arch,
    asar: true,
    // In the bundle of macOS; elsewhere the app registers itself.
    protocols: [{ name: 'Link to a pod', schemes: ['podkeeper'] }],
    // Everything is bundled, so no dependencies need pruning.
    prune: false,
    overwrite: true,
    quiet: true,
    ...(forTests ? await testElectron(platform, arch) : releaseElectron()),
  }
  const folder = await pack(options)
  const missing = await setFuses(executableIn(folder, options), platform)
  if (missing.length > 0 && !forTests) {
    rmSync(folder, { recursive: true })
    throw new UserError(`This Electron has no fuse ${missing.join(', ')}, so no release is made of it.`)
  }
  if (missing.length > 0) log(`This Electron is too old for the fuse ${missing.join(', ')}.`)
  rmSync(staging, { recursive: true })
  const { executableName: executable, electronVersion } = options
  return {
    folder,
    executable,
    electronVersion,
    packageName: productName.toLowerCase(),
    out: options.out,
    arch,
  }
}

/** Path of the executable in a package; on macOS the bundle, which is what is signed and started. */
function executableIn(folder, { name, executableName, platform }) {
  if (platform === 'darwin') return join(folder, `${name}.app`)
  return join(folder, platform === 'win32' ? `${executableName}.exe` : executableName)
}

/** Copies what is shipped: the build without source maps, and the needed fields of package.json. */
function stageApp(productName) {
  const folder = join(staging, 'app')
  const { name, version, description, license, author, main } = readJson(inProject('package.json'))
  // One build, so that it needs no entry beside it.
  for (const part of ['main', 'preload', 'renderer', 'icons'])
    copyBuilt(join(appBuildFolder(), part), join(folder, 'out', part))
  cpSync(inProject('LICENSE'), join(folder, 'LICENSE'))
  for (const text of ['licenses.txt', 'changelog.md'])
    cpSync(join(appBuildFolder(), text), join(folder, 'out', text))
  const shipped = { name, productName, version, description, license, author, main }
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(shipped, null, 2)}\n`)
  return folder
}

async function pack(options) {
  // Imported here, because the package exists only after npm ci.
  const { packager } = await import('@electron/packager')
  try {
    const [folder] = await packager(options)
    return folder
  } catch (error) {
    throw new UserError(
      `The package could not be made: ${error.message}\nElectron comes from GitHub, or from the mirror that ELECTRON_MIRROR names.`,
    )
  }
}

/** Packager accepts Electron only as a zip file with a certain name, so one is created, uncompressed. */
async function testElectron(platform, arch) {
  if (platform !== process.platform || arch !== process.arch || platform !== 'linux')
    throw new UserError('A test build is made on Linux, for the computer that it is made on.')
  const source = dirname(electronPath())
  const electronVersion = readFileSync(join(source, 'version'), 'utf8').trim().replace(/^v/, '')
  const electronZipDir = join(staging, 'electron')
  mkdirSync(electronZipDir, { recursive: true })
  const archive = join(electronZipDir, `electron-v${electronVersion}-${platform}-${arch}.zip`)
  const zip = await run('zip', ['-q', '-r', '-y', '-0', archive, ...readdirSync(source)], { cwd: source })
  if (zip.code !== 0) throw new UserError(`Electron could not be put into a zip:\n${tail(zip.output)}`)
  return { electronVersion, electronZipDir }
}
