import { expect, test } from 'vitest'
import { type PackageFacts, updateWay } from '../../../src/core/updates/update-way'

const facts = (given: Partial<PackageFacts>): PackageFacts => ({
  platform: 'linux',
  arch: 'x64',
  isPackaged: true,
  packageType: null,
  hasSystemSource: false,
  ...given,
})

test.each([
  ['a Debian package with our source', { packageType: 'deb', hasSystemSource: true }, 'apt'],
  ['an rpm with our source', { packageType: 'rpm', hasSystemSource: true }, 'dnf'],
  ['a Debian package that was installed by hand', { packageType: 'deb' }, 'page'],
  ['another package beside our source', { packageType: 'appimage', hasSystemSource: true }, 'page'],
  ['the folder alone', {}, 'page'],
  ['macOS', { platform: 'darwin', arch: 'arm64' }, 'app'],
  ['Windows after its installer', { platform: 'win32', packageType: 'installer' }, 'app'],
  ['the folder alone on Windows', { platform: 'win32' }, 'page'],
  ['a processor that no release is made for', { platform: 'darwin', arch: 'ppc64' }, 'page'],
  ['a checkout on macOS', { platform: 'darwin', arch: 'arm64', isPackaged: false }, 'page'],
  ['a checkout on Debian', { packageType: 'deb', hasSystemSource: true, isPackaged: false }, 'page'],
] as const)('%s gets a newer version by what updates it', (_what, given, way) => {
  expect(updateWay(facts(given))).toBe(way)
})
