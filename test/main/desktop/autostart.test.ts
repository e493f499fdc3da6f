import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { autostartEntry, setAutostart } from '../../../src/main/desktop/autostart'

const newHome = (): string => mkdtempSync(join(tmpdir(), 'podkeeper-autostart-'))
const entryIn = (configHome: string): string => join(configHome, 'autostart', 'podkeeper.desktop')
const command = ['/opt/Podkeeper/podkeeper']

test('switched on, the desktop finds an entry that starts the app without a window; switched off, none', () => {
  const configHome = newHome()
  expect(setAutostart(true, { configHome, command, isAskedFor: true })).toEqual({
    ok: true,
    value: undefined,
  })
  const entry = readFileSync(entryIn(configHome), 'utf8')
  expect(entry).toMatch(/^\[Desktop Entry\]\nType=Application\nName=Podkeeper\n/)
  expect(entry).toContain('\nExec="/opt/Podkeeper/podkeeper" "--hidden"\n')
  setAutostart(false, { configHome, command, isAskedFor: true })
  expect(readdirSync(join(configHome, 'autostart'))).toEqual([])
  // Twice is no error.
  expect(setAutostart(false, { configHome, command, isAskedFor: true }).ok).toBe(true)
})

test.each(['Hidden=true', 'X-GNOME-Autostart-enabled=false'])(
  'an entry that the desktop switched off (%s) stays off until a person switches it on here',
  (line) => {
    const configHome = newHome()
    setAutostart(true, { configHome, command, isAskedFor: true })
    const path = entryIn(configHome)
    writeFileSync(
      path,
      `${readFileSync(path, 'utf8').replace('X-GNOME-Autostart-enabled=true', '')}${line}\n`,
    )
    setAutostart(true, { configHome, command, isAskedFor: false })
    expect(readFileSync(path, 'utf8')).toContain(line)
    setAutostart(true, { configHome, command, isAskedFor: true })
    expect(readFileSync(path, 'utf8')).not.toContain(line)
  },
)

test('at a start the entry follows an app that moved, and one that was deleted comes back', () => {
  const configHome = newHome()
  setAutostart(true, { configHome, command: ['/old'], isAskedFor: true })
  setAutostart(true, { configHome, command: ['/new'], isAskedFor: false })
  expect(readFileSync(entryIn(configHome), 'utf8')).toContain('Exec="/new"')
})

test('paths with spaces, quotes, percents and backslashes are written as the specification wants', () => {
  expect(autostartEntry(['/a b/p"q', '100%', String.raw`c\d`, '$HOME`x`'])).toContain(
    String.raw`Exec="/a b/p\\"q" "100%%" "c\\\\d" "\\$HOME\\` + '`x' + String.raw`\\` + '`"',
  )
})

test('a folder that cannot be made is an error in words', () => {
  const configHome = join(newHome(), 'file')
  writeFileSync(configHome, '')
  const result = setAutostart(true, { configHome, command, isAskedFor: true })
  expect(result).toMatchObject({
    ok: false,
    error: expect.stringContaining('podkeeper.desktop could not be written'),
  })
  expect(existsSync(entryIn(configHome))).toBe(false)
})
