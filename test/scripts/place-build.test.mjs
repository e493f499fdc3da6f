import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { execFileSync } from 'node:child_process'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { APP_ENTRY, placeBuild } from '../../scripts/lib/place-build.mjs'

const HOUR_S = 3_600
const NOW_S = 1_800_000_000

/** Builds one after the other, an hour apart. */
function newPlace() {
  const folder = mkdtempSync(join(tmpdir(), 'podkeeper-builds-'))
  const builds = join(folder, 'builds')
  let atS = NOW_S
  return {
    folder,
    builds,
    names: () => readdirSync(builds).sort(),
    place: (text) => {
      atS += HOUR_S
      const staged = join(builds, '.new-1')
      mkdirSync(staged, { recursive: true })
      writeFileSync(join(staged, 'podkeeper.mjs'), text)
      return placeBuild(folder, staged, '1.2.3', { nowMs: atS * 1_000 })
    },
    use: (name, agoH) => {
      const file = join(builds, name, 'in-use')
      writeFileSync(file, '')
      utimesSync(file, atS - agoH * HOUR_S, atS - agoH * HOUR_S)
    },
  }
}

test('a build is started by the entry, and the files of the one before stay as they are', () => {
  const { folder, builds, place } = newPlace()
  const [first, second] = [place('1'), place('2')]
  expect(first).toMatch(/^1\.2\.3-[0-9a-f]{10}$/)
  expect(readFileSync(join(folder, 'podkeeper.mjs'), 'utf8')).toBe(
    `#!/usr/bin/env node\nimport './builds/${second}/podkeeper.mjs'\n`,
  )
  expect(readFileSync(join(builds, first, 'podkeeper.mjs'), 'utf8')).toBe('1')
})

test('the same files are the same build, which is the newest again', () => {
  const { names, place } = newPlace()
  const first = place('1')
  for (const text of ['2', '3', '4', '5']) place(text)
  expect(place('1')).toBe(first)
  place('6')
  expect(names()).toHaveLength(5)
  expect(names()).toContain(first)
})

test('the newest five builds stay, and those that ran in the last 24 h', () => {
  const { builds, names, place, use } = newPlace()
  const [old, idle, running] = [place('a'), place('b'), place('c')]
  // Five hours before the last build.
  use(idle, 20)
  use(running, 10)
  const newest = ['1', '2', '3', '4'].map(place)
  const last = place('5')
  expect(names()).toEqual([running, ...newest, last].sort())
  expect([old, idle].filter((name) => existsSync(join(builds, name)))).toEqual([])
})

test('what a build that was ended left is removed after a day', () => {
  const { builds, names, place } = newPlace()
  const [left, recent] = [join(builds, '.new-77'), join(builds, '.new-78')]
  for (const each of [left, recent]) mkdirSync(each, { recursive: true })
  utimesSync(left, NOW_S - 25 * HOUR_S, NOW_S - 25 * HOUR_S)
  utimesSync(recent, NOW_S, NOW_S)
  expect([place('1'), '.new-78'].sort()).toEqual(names())
})

test('files in folders count for the name of a build, and the entry of the app starts it', () => {
  const { folder, builds } = newPlace()
  const build = (path, text) => {
    const staged = join(builds, '.new-1')
    mkdirSync(join(staged, 'main'), { recursive: true })
    writeFileSync(
      join(staged, 'main/index.js'),
      'process.stdout.write(require("node:path").basename(require("node:path").dirname(__dirname)))',
    )
    writeFileSync(join(staged, path), text)
    return placeBuild(folder, staged, '1.2.3', { entry: APP_ENTRY })
  }
  const name = build('main/a.js', '1')
  expect(build('main/a.js', '1')).toBe(name)
  expect(execFileSync(process.execPath, [join(folder, APP_ENTRY.file)], { encoding: 'utf8' })).toBe(name)
  expect([build('main/a.js', '2'), build('main/b.js', '1')]).not.toContain(name)
})
