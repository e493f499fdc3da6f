import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { HOUR_MS, MINUTE_MS } from '../../../src/core/base/time/time'
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

test('a watch on the same folder knows when the app was typed into, of that pod only', () => {
  const { app, watch, clock, path } = programs()
  expect(watch.inputAgoMs('a', 'p')).toBeNull()
  app.record('a', 'p')
  expect(watch.inputAgoMs('a', 'p')).toBe(0)
  expect(watch.inputAgoMs('a', 'q')).toBeNull()
  expect(watch.inputAgoMs('b', 'p')).toBeNull()
  expect(statSync(path).mode & 0o777).toBe(0o600)
  clock.ms += 5 * HOUR_MS
  expect(watch.inputAgoMs('a', 'p')).toBe(5 * HOUR_MS)
})

test('steady typing stays known, with one write a minute, and no other pod loses its last use', () => {
  const { app, watch, clock, path } = programs()
  app.record('a', 'other')
  const stamps = new Set<string>()
  for (let second = 0; second < 20 * 60; second += 1) {
    clock.ms += 1_000
    app.record('a', 'p')
    expect(watch.inputAgoMs('a', 'p')).toBeLessThan(MINUTE_MS)
    stamps.add(readFileSync(path, 'utf8'))
  }
  expect(stamps.size).toBeLessThanOrEqual(21)
  expect(watch.inputAgoMs('a', 'other')).toBe(20 * MINUTE_MS)
})

test('the file holds the pods that were used last, in a size that can be read', () => {
  const { app, watch, clock } = programs()
  const podIds = Array.from({ length: 250 }, (_, index) => `${'p'.repeat(50)}${index}`)
  for (const podId of podIds) {
    clock.ms += 1_000
    app.record('b'.repeat(64), podId)
  }
  const known = podIds.filter((podId) => watch.inputAgoMs('b'.repeat(64), podId) !== null)
  expect(known).toEqual(podIds.slice(-200))
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
  `[{"accountId":"a","podId":"p","atMs":${NOW_MS}}]${' '.repeat(70_000)}`,
])('a file that is damaged, in the future or huge shows no input and is replaced (%#)', (text) => {
  const { app, watch, path } = programs()
  writeFileSync(path, text)
  expect(watch.inputAgoMs('a', 'p')).toBeNull()
  app.record('a', 'p')
  expect(watch.inputAgoMs('a', 'p')).not.toBeNull()
})

test('a clock that is set back does not stop the writes', () => {
  const { app, watch, clock } = programs()
  app.record('a', 'p')
  clock.ms -= 60 * MINUTE_MS
  expect(watch.inputAgoMs('a', 'p')).toBeNull()
  app.record('a', 'p')
  expect(watch.inputAgoMs('a', 'p')).not.toBeNull()
})

test('a crash between the two steps of a write leaves the file whole, and the next write succeeds', () => {
  const { app, watch, clock, path, folder } = programs()
  app.record('a', 'p')
  writeFileSync(`${path}.new`, '[{"acc')
  clock.ms += 2 * MINUTE_MS
  expect(watch.inputAgoMs('a', 'p')).not.toBeNull()
  app.record('a', 'q')
  expect(watch.inputAgoMs('a', 'q')).not.toBeNull()
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
