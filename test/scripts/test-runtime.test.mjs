import { mkdtempSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, afterEach, expect, test } from 'vitest'
import { electronPath, ensureElectron } from '../../scripts/lib/electron.mjs'
import { findDifference } from '../../scripts/lib/test-runtime.mjs'

/** Of "one\n" and "two\n". */
const SUMS = `2c8b08da5ce60398e1f19af0e5dccc744df274b826abe585eaba68c525434806  electron
27dd8ed44a83ff94d557f9fd0412ed5a8cbca69ea04922d88c01184a07300a5a  locales/en.pak
`
let folder

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'podkeeper-runtime-'))
  mkdirSync(join(folder, 'locales'))
  writeFileSync(join(folder, 'electron'), 'one\n')
  writeFileSync(join(folder, 'locales/en.pak'), 'two\n')
})
afterEach(() => rmSync(folder, { recursive: true }))

test('an unpacked runtime with exactly the known files is accepted', async () => {
  expect(await findDifference(folder, SUMS)).toBeNull()
})

test('a changed byte in any file is found', async () => {
  writeFileSync(join(folder, 'locales/en.pak'), 'twp\n')
  expect(await findDifference(folder, SUMS)).toMatch(
    /^locales\/en\.pak has the SHA-256 [0-9a-f]{64} instead of 27dd/,
  )
})

test('a file too many, a link in place of a file and a missing file are found', async () => {
  writeFileSync(join(folder, 'libevil.so'), '')
  expect(await findDifference(folder, SUMS)).toMatch(/^libevil\.so is not a file of Electron/)
  rmSync(join(folder, 'libevil.so'))
  rmSync(join(folder, 'electron'))
  expect(await findDifference(folder, SUMS)).toBe('electron is missing')
  writeFileSync(`${folder}-electron`, 'one\n')
  symlinkSync(`${folder}-electron`, join(folder, 'electron'))
  expect(await findDifference(folder, SUMS)).toMatch(/^electron is not a file/)
  rmSync(`${folder}-electron`)
})

test('PODKEEPER_TEST_RUNTIME=never leaves only a supported Electron', async () => {
  const before = { ...process.env }
  try {
    delete process.env.PODKEEPER_ELECTRON
    Object.assign(process.env, { PODKEEPER_TEST_RUNTIME: 'never', ELECTRON_MIRROR: 'http://127.0.0.1:9/' })
    const isInstalled = await ensureElectron().then(
      () => true,
      (error) => {
        expect(error.message).toContain('PODKEEPER_TEST_RUNTIME=never forbids the test runtime')
        return false
      },
    )
    if (isInstalled) expect(electronPath()).not.toContain('.electron')
    else expect(electronPath).toThrow('There is no Electron to run')
  } finally {
    for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name]
    Object.assign(process.env, before)
  }
})
