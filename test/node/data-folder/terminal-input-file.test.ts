import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { MINUTE_MS } from '../../../src/core/base/time/time'
import { openTerminalInputFile } from '../../../src/node/data-folder/terminal-input-file'
import { migratedFolder } from '../../harness/data-folder/migrated-folder'

const NOW_MS = Date.UTC(2026, 10, 26)

function programs() {
  const folder = migratedFolder('podkeeper-input-')
  const clock = { ms: NOW_MS }
  const problems: string[] = []
  const open = () =>
    openTerminalInputFile(
      folder,
      () => clock.ms,
      (text) => problems.push(text),
    )
  return { folder, path: join(folder, 'terminal-input.json'), clock, problems, app: open(), watch: open() }
}

test('typing in the app counts for a watch on the same folder, for 10 min, and for that pod only', () => {
  const { app, watch, clock, path } = programs()
  expect(watch.hasRecentInput('a', 'p')).toBe(false)
  app.record('a', 'p')
  expect(watch.hasRecentInput('a', 'p')).toBe(true)
  expect(watch.hasRecentInput('a', 'q')).toBe(false)
  expect(watch.hasRecentInput('b', 'p')).toBe(false)
  expect(statSync(path).mode & 0o777).toBe(0o600)
  clock.ms += 10 * MINUTE_MS
  expect(watch.hasRecentInput('a', 'p')).toBe(false)
})

test('steady typing stays known, with one write a minute, and old pods leave the file', () => {
  const { app, watch, clock, path } = programs()
  app.record('a', 'old')
  const stamps = new Set<string>()
  for (let second = 0; second < 20 * 60; second += 1) {
    clock.ms += 1_000
    app.record('a', 'p')
    expect(watch.hasRecentInput('a', 'p')).toBe(true)
    stamps.add(readFileSync(path, 'utf8'))
  }
  expect(stamps.size).toBeLessThanOrEqual(21)
  expect(readFileSync(path, 'utf8')).not.toContain('old')
})

test.each([
  '',
  '{',
  'null',
  '[null]',
  '{"a":1}',
  '[{"accountId":"a","podId":"p","atMs":"now"}]',
  '[{"accountId":"a","podId":"p","atMs":1e999}]',
  `[{"accountId":"a","podId":"p","atMs":${NOW_MS + 2 * MINUTE_MS}}]`,
  `[{"accountId":"a","podId":"p","atMs":${NOW_MS - 10 * MINUTE_MS}}]`,
  `[{"accountId":"a","podId":"p","atMs":${NOW_MS}}]${' '.repeat(70_000)}`,
])('a file that is damaged, old, in the future or huge shows no input and is replaced (%#)', (text) => {
  const { app, watch, path } = programs()
  writeFileSync(path, text)
  expect(watch.hasRecentInput('a', 'p')).toBe(false)
  app.record('a', 'p')
  expect(watch.hasRecentInput('a', 'p')).toBe(true)
})

test('a clock that is set back does not stop the writes', () => {
  const { app, watch, clock } = programs()
  app.record('a', 'p')
  clock.ms -= 60 * MINUTE_MS
  expect(watch.hasRecentInput('a', 'p')).toBe(false)
  app.record('a', 'p')
  expect(watch.hasRecentInput('a', 'p')).toBe(true)
})

test('a crash between the two steps of a write leaves the file whole, and the next write succeeds', () => {
  const { app, watch, clock, path, folder } = programs()
  app.record('a', 'p')
  writeFileSync(`${path}.new`, '[{"acc')
  clock.ms += 2 * MINUTE_MS
  expect(watch.hasRecentInput('a', 'p')).toBe(true)
  app.record('a', 'q')
  expect(watch.hasRecentInput('a', 'q')).toBe(true)
  expect(readdirSync(folder).sort()).toEqual(['format.json', 'terminal-input.json'])
})

test('a file that cannot be written is reported once', () => {
  const folder = migratedFolder('podkeeper-input-')
  mkdirSync(join(folder, 'terminal-input.json.new', 'in the way'), { recursive: true })
  const problems: string[] = []
  const app = openTerminalInputFile(
    folder,
    () => NOW_MS,
    (text) => problems.push(text),
  )
  app.record('a', 'p')
  app.record('a', 'p')
  expect(problems).toHaveLength(1)
})
