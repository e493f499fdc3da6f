import { writeFileSync } from 'node:fs'
import { relative } from 'node:path'
import { parseArgs } from 'node:util'
import { buildApp } from './lib/build.mjs'
import { checkNode, ensureNpmPackages } from './lib/npm-packages.mjs'
import { packageApp } from './lib/package-app.mjs'
import { root } from './lib/project.mjs'
import { log, runCommand, UserError } from './lib/log.mjs'
import { setUp } from './set-up.mjs'

/**
 * `npm run package [-- --platform PLATFORM --arch ARCH --deb --rpm --nsis --dmg]`: builds a release package in dist/.
 *
 * `--deb` makes a Debian package of it, too, and `--rpm` an rpm package of the files of that one. `--nsis` makes the
 * installer of Windows, `--dmg` a disk image and a zip of macOS, signed where the environment says how.
 *
 * `npm run package -- --for-tests`: builds one with the Electron of the tests. With `--no-build`, it uses
 * what is in out/ and leaves it unchanged for end-to-end tests that run from there at the same time.
 */
await runCommand(async () => {
  const { 'for-tests': forTests, 'no-build': noBuild, deb, rpm, nsis, dmg, ...target } = readArguments()
  if (forTests) await setUp({ forTests })
  else {
    // A release brings its own Electron, so no local one is needed.
    checkNode()
    await ensureNpmPackages()
  }
  if (!noBuild) await buildApp()
  const packaged = await packageApp({ forTests, ...target })
  const note = forTests ? ': for testing, never to be shipped' : ''
  log(`Packaged into ${relative(root, packaged.folder)}${note}`)
  const { makeSbom } = await import('./lib/sbom.mjs')
  const sbom = `${packaged.folder}.cdx.json`
  writeFileSync(sbom, `${JSON.stringify(await makeSbom(packaged.electronVersion), null, 2)}\n`)
  log(`Listed its parts in ${relative(root, sbom)}`)
  if (nsis) {
    const { makeWindowsInstaller } = await import('./lib/windows/windows-installer.mjs')
    log(`Made ${relative(root, await makeWindowsInstaller(packaged))}`)
  }
  if (dmg) {
    const { makeMacPackages } = await import('./lib/mac/mac-packages.mjs')
    const { files, isSigned } = await makeMacPackages(packaged)
    for (const one of files) log(`Made ${relative(root, one)}${isSigned ? '' : ': not signed'}`)
  }
  if (!deb && !rpm) return
  const { makeDebianPackage } = await import('./lib/debian/debian-package.mjs')
  const file = await makeDebianPackage({ ...packaged, compression: forTests ? 'zstd' : 'xz' })
  log(`Made ${relative(root, file)}${note}`)
  if (!rpm) return
  const { makeRpmPackage } = await import('./lib/rpm/rpm-package.mjs')
  const made = await makeRpmPackage({ debianPackage: file, payload: forTests ? 'w3.zstdio' : 'w19.zstdio' })
  log(`Made ${relative(root, made)}${note}`)
})

function readArguments() {
  const options = {
    'for-tests': { type: 'boolean', default: false },
    'no-build': { type: 'boolean', default: false },
    platform: { type: 'string' },
    arch: { type: 'string' },
    deb: { type: 'boolean', default: false },
    rpm: { type: 'boolean', default: false },
    nsis: { type: 'boolean', default: false },
    dmg: { type: 'boolean', default: false },
  }
  try {
    const { values } = parseArgs({ options })
    if ((values.deb || values.rpm) && (values.platform ?? process.platform) !== 'linux')
      throw new Error('Debian and rpm packages are made of a package for Linux.')
    if (values.nsis && (values.platform ?? process.platform) !== 'win32')
      throw new Error('The installer of Windows is made of a package for Windows.')
    if (values.dmg && (values.platform ?? process.platform) !== 'darwin')
      throw new Error('A disk image is made of a package for macOS.')
    return values
  } catch (error) {
    throw new UserError(
      `${error.message}\nOptions: --for-tests, --no-build, --platform PLATFORM, --arch ARCH, --deb, --rpm, --nsis, --dmg`,
    )
  }
}
