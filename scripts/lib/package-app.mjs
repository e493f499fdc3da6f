import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { electronPath } from './electron.mjs'
import { setFuses } from './fuses.mjs'
import { inProject, readJson } from './project.mjs'
import { run, tail } from './run.mjs'
import { log, UserError } from './log.mjs'

/** Emptied at each run. */
const staging = inProject('.cache/package')

/** A test build bears its name everywhere, so that nobody takes it for a release, nor it a release's data. */
const TEST_BUILD = 'Podkeeper-test-build'

/**
 * Packages the built app and returns the folder of the package, `dist/NAME-PLATFORM-ARCH`. A release is made from
 * the Electron of package.json, which packager fetches; `forTests` from the one that the tests run on, for this
 * computer only and without any network.
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
    // There is nothing to prune: everything is bundled.
    prune: false,
    overwrite: true,
    quiet: true,
    ...(forTests ? await testElectron(platform, arch) : { electronVersion: releaseElectronVersion() }),
  }
  const folder = await pack(options)
  const missing = await setFuses(executableIn(folder, options), platform)
  if (missing.length > 0 && !forTests) {
    rmSync(folder, { recursive: true })
    throw new UserError(`This Electron has no fuse ${missing.join(', ')}, so no release is made of it.`)
  }
  if (missing.length > 0) log(`This Electron is too old for the fuse ${missing.join(', ')}.`)
  rmSync(staging, { recursive: true })
  return folder
}

/** Where the program lies in a package; on macOS the bundle, which is what is signed and started. */
function executableIn(folder, { name, executableName, platform }) {
  if (platform === 'darwin') return join(folder, `${name}.app`)
  return join(folder, platform === 'win32' ? `${executableName}.exe` : executableName)
}

/** The app as it is shipped: what was built, without source maps, and the little of package.json that it needs. */
function stageApp(productName) {
  const folder = join(staging, 'app')
  const { name, version, description, license, author, main } = readJson(inProject('package.json'))
  // Not the command line, which lies there too: it is for checkouts.
  for (const part of ['main', 'preload', 'renderer', 'icons'])
    cpSync(inProject(`out/${part}`), join(folder, 'out', part), {
      recursive: true,
      filter: (path) => !path.endsWith('.map'),
    })
  for (const path of readdirSync(join(folder, 'out'), { recursive: true }).filter((one) =>
    one.endsWith('.js'),
  )) {
    const script = join(folder, 'out', path)
    writeFileSync(script, readFileSync(script, 'utf8').replace(/\n\/\/# sourceMappingURL=\S*\s*$/, '\n'))
  }
  cpSync(inProject('LICENSE'), join(folder, 'LICENSE'))
  const shipped = { name, productName, version, description, license, author, main }
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(shipped, null, 2)}\n`)
  return folder
}

async function pack(options) {
  // Not imported above: it is there only after npm ci.
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

const releaseElectronVersion = () => readJson(inProject('node_modules/electron/package.json')).version

/** Packager takes an Electron out of a zip of a certain name only, so one is made, without compressing. */
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
