import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { autostartEntry, programPath, setAutostart } from '../../../src/main/desktop/autostart'

const newHome = (): string => mkdtempSync(join(tmpdir(), 'podkeeper-autostart-'))
const entryIn = (configHome: string): string => join(configHome, 'autostart', 'podkeeper.desktop')
const command = ['/opt/Podkeeper/podkeeper']

test('autostart creates an entry that starts the app without a window, and removes it when switched off', () => {
  const configHome = newHome()
  expect(setAutostart(true, { configHome, command, isUserRequest: true })).toEqual({
    ok: true,
    value: undefined,
  })
  const entry = readFileSync(entryIn(configHome), 'utf8')
  expect(entry).toMatch(/^\[Desktop Entry\]\nType=Application\nName=Podkeeper\n/)
  expect(entry).toContain('\nExec="/opt/Podkeeper/podkeeper" "--hidden"\n')
  setAutostart(false, { configHome, command, isUserRequest: true })
  expect(readdirSync(join(configHome, 'autostart'))).toEqual([])
  // Repeating it is not an error.
  expect(setAutostart(false, { configHome, command, isUserRequest: true }).ok).toBe(true)
})

test.each(['Hidden=true', 'X-GNOME-Autostart-enabled=false'])(
  'an entry that the desktop disabled (%s) stays disabled until the user enables it here',
  (line) => {
    const configHome = newHome()
    setAutostart(true, { configHome, command, isUserRequest: true })
    const path = entryIn(configHome)
    writeFileSync(
      path,
      `${readFileSync(path, 'utf8').replace('X-GNOME-Autostart-enabled=true', '')}${line}\n`,
    )
    setAutostart(true, { configHome, command, isUserRequest: false })
    expect(readFileSync(path, 'utf8')).toContain(line)
    setAutostart(true, { configHome, command, isUserRequest: true })
    expect(readFileSync(path, 'utf8')).not.toContain(line)
  },
)

test('at startup the entry follows an app that moved, and a deleted one is restored', () => {
  const configHome = newHome()
  setAutostart(true, { configHome, command: ['/old'], isUserRequest: true })
  setAutostart(true, { configHome, command: ['/new'], isUserRequest: false })
  expect(readFileSync(entryIn(configHome), 'utf8')).toContain('Exec="/new"')
})

test('paths with spaces, quotes, percent signs and backslashes are escaped as specified', () => {
  expect(autostartEntry(['/a b/p"q', '100%', String.raw`c\d`, '$HOME`x`'])).toContain(
    String.raw`Exec="/a b/p\\"q" "100%%" "c\\\\d" "\\$HOME\\` + '`x' + String.raw`\\` + '`"',
  )
})

test('a folder that cannot be created is reported as an error', () => {
  const configHome = join(newHome(), 'file')
  writeFileSync(configHome, '')
  const result = setAutostart(true, { configHome, command, isUserRequest: true })
  expect(result).toMatchObject({
    ok: false,
    error: expect.stringContaining('podkeeper.desktop could not be written'),
  })
  expect(existsSync(entryIn(configHome))).toBe(false)
})

test("an AppImage is started by its own path, and another AppImage's path is never written down", () => {
  const image = { APPIMAGE: '/home/anna/Podkeeper.AppImage', APPDIR: '/tmp/.mount_PodkeeXYZ' }
  expect(programPath(image, '/tmp/.mount_PodkeeXYZ/podkeeper')).toBe('/home/anna/Podkeeper.AppImage')
  const foreign = { APPIMAGE: '/home/anna/Terminal.AppImage', APPDIR: '/tmp/.mount_TerminABC' }
  expect(programPath(foreign, '/opt/podkeeper/podkeeper')).toBe('/opt/podkeeper/podkeeper')
  expect(programPath(foreign, '/tmp/.mount_TerminABCD/podkeeper')).toBe('/tmp/.mount_TerminABCD/podkeeper')
  expect(programPath({ APPIMAGE: '/x' }, '/opt/podkeeper')).toBe('/opt/podkeeper')
  expect(programPath({}, '/opt/podkeeper')).toBe('/opt/podkeeper')
})
