import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createPackage } from '@electron/asar'
import { makeDebianPackage } from '../../../scripts/lib/debian/debian-package.mjs'

/** Makes the real Debian package of a small stand-in for Electron and of the real command line. Returns its path. */
export async function debianPackageOfStandIn() {
  return makeDebianPackage({
    folder: await standIn(),
    executable: 'podkeeper',
    packageName: 'podkeeper',
    out: mkdtempSync(join(tmpdir(), 'podkeeper-deb-')),
    arch: 'x64',
    compression: 'none',
  })
}

/** The app is a program that ends when it is told to. */
async function standIn() {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8'))
  const folder = mkdtempSync(join(tmpdir(), 'podkeeper-packaged-'))
  const app = mkdtempSync(join(tmpdir(), 'podkeeper-app-'))
  writeFileSync(join(app, 'package.json'), JSON.stringify({ name: 'podkeeper', version }))
  mkdirSync(join(folder, 'resources'))
  await createPackage(app, join(folder, 'resources/app.asar'))
  copyFileSync('/usr/bin/sleep', join(folder, 'podkeeper'))
  for (const [name, content] of [
    ['chrome-sandbox', ''],
    ['version', '45.4.1'],
    ['LICENSE', 'Copyright (c) Electron contributors'],
  ])
    writeFileSync(join(folder, name), content)
  return folder
}
