import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createHash } from 'node:crypto'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { packager } from '@electron/packager'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { refuseRemoteChecksums, releaseElectron } from '../../scripts/lib/electron.mjs'

/** A mirror that serves another Electron, and checksums that fit it. */
const FORGED = Buffer.from('not the Electron that was asked for')
const requested = []
const mirror = createServer(({ url }, response) => {
  requested.push(url)
  const name = `electron-v${releaseElectron().electronVersion}-linux-x64.zip`
  const sum = createHash('sha256').update(FORGED).digest('hex')
  response.end(url.endsWith('SHASUMS256.txt') ? `${sum} *${name}\n` : FORGED)
})
let folder

beforeAll(async () => {
  await new Promise((settle) => mirror.listen(0, '127.0.0.1', settle))
  folder = mkdtempSync(join(tmpdir(), 'podkeeper-package-'))
  mkdirSync(join(folder, 'app'))
  writeFileSync(join(folder, 'app/package.json'), '{"name":"app","version":"1.0.0","main":"index.js"}')
})
afterAll(async () => {
  await new Promise((settle) => mirror.close(settle))
  rmSync(folder, { recursive: true })
})

const packWith = ({ electronVersion, download }) =>
  packager({
    dir: join(folder, 'app'),
    out: join(folder, 'dist'),
    tmpdir: join(folder, 'tmp'),
    platform: 'linux',
    arch: 'x64',
    prune: false,
    quiet: true,
    electronVersion,
    download: {
      ...download,
      cacheRoot: join(folder, 'cache'),
      mirrorOptions: { mirror: `http://127.0.0.1:${mirror.address().port}/` },
    },
  })

test('a release is not made of an Electron that the checksums of its npm package do not know', async () => {
  await expect(packWith(releaseElectron())).rejects.toThrow(/checksum/i)
  expect(requested.length).toBeGreaterThan(0)
  expect(requested.filter((url) => url.includes('SHASUMS'))).toEqual([])
  expect(readdirSync(folder)).not.toContain('dist')
})

test('without them the checksums of the mirror would vouch for its own file', async () => {
  const { electronVersion } = releaseElectron()
  const error = await packWith({ electronVersion, download: {} }).then(String, String)
  expect(error).not.toMatch(/checksum/i)
  expect(requested.filter((url) => url.includes('SHASUMS'))).toHaveLength(1)
})

test.each(['linux-x64', 'linux-arm64', 'darwin-x64', 'darwin-arm64', 'win32-x64', 'win32-arm64'])(
  'the checksum of the Electron for %s is known',
  (target) => {
    const { electronVersion, download } = releaseElectron()
    expect(download.checksums[`electron-v${electronVersion}-${target}.zip`]).toMatch(/^[0-9a-f]{64}$/)
  },
)

test('a variable that asks for the checksums of whoever serves Electron is refused', () => {
  refuseRemoteChecksums({})
  for (const name of ['electron_use_remote_checksums', 'npm_config_electron_use_remote_checksums'])
    expect(() => refuseRemoteChecksums({ [name]: '1' })).toThrow(`${name} is set`)
})
