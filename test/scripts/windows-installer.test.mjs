import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { makeWindowsInstaller } from '../../scripts/lib/windows/windows-installer.mjs'

/*
 * The installer is compiled by the real NSIS, of a stand-in for the app. Nothing here can run it: what is checked is
 * that it compiles without a warning, and what it contains.
 */
const missing = ['makensis', '7z'].filter((program) => spawnSync(program).error !== undefined)
const title = `the installer of Windows${missing.length > 0 ? `, which needs ${missing.join(', ')}` : ''}`
const version = JSON.parse(readFileSync('package.json', 'utf8')).version

describe.skipIf(missing.length > 0)(title, () => {
  test('has the app, its uninstaller and its version, under a name that the feed of releases knows', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'podkeeper-windows-'))
    mkdirSync(join(folder, 'resources'))
    writeFileSync(join(folder, 'Podkeeper.exe'), 'MZ: the app')
    writeFileSync(join(folder, 'resources/app.asar'), 'the archive')
    const out = mkdtempSync(join(tmpdir(), 'podkeeper-out-'))
    const file = await makeWindowsInstaller({ folder, out, arch: 'x64' })
    expect(file).toBe(join(out, `Podkeeper-${version}-win32-x64.exe`))
    expect(readFileSync(file).subarray(0, 2).toString()).toBe('MZ')
    const listed = execFileSync('7z', ['l', '-slt', file], { encoding: 'utf8' })
    const paths = [...listed.matchAll(/^Path = (.*)$/gm)].map(([, path]) => path.replaceAll('\\', '/'))
    expect(paths).toEqual(
      expect.arrayContaining([
        '$INSTDIR.new/Podkeeper.exe',
        '$INSTDIR.new/resources/app.asar',
        '$INSTDIR.new/Uninstall Podkeeper.exe',
      ]),
    )
    const utf16 = readFileSync(file).toString('utf16le')
    expect(utf16).toContain(version)
  })
})
