import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { alertName, type AlertRecord } from '../../../../src/core/alerts/alert-history'
import { openAlertHistory } from '../../../../src/node/data-folder/records/alert-history'
import { migratedFolder } from '../../../harness/data-folder/migrated-folder'

const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})
function newFolder(): string {
  const folder = migratedFolder('podkeeper-marks-')
  folders.push(folder)
  return folder
}
const record = (podId: string, over: Partial<AlertRecord> = {}): AlertRecord => ({
  kind: 'idle',
  accountId: 'a',
  podId,
  episode: '1',
  atMs: 2,
  state: 'said',
  ...over,
})
const historyOf = (...records: readonly AlertRecord[]) =>
  Object.fromEntries(records.map((one) => [alertName(one), one]))
const never = (text: string): void => expect.fail(text)

test('the history is available at the next start, for its owner only', () => {
  const folder = newFolder()
  const history = historyOf(record('p'), record('q', { state: 'held' }), record('r', { deliveredAtMs: 9 }))
  openAlertHistory(folder, never).save(history)
  expect(openAlertHistory(folder, never).load()).toEqual(history)
  expect(statSync(join(folder, 'alert-marks.json')).mode & 0o777).toBe(0o600)
})

test('alerts of another program are known here immediately, and vice versa', () => {
  const folder = newFolder()
  const [app, command] = [openAlertHistory(folder, never), openAlertHistory(folder, never)]
  app.save(historyOf(record('p')))
  expect(command.load()).toEqual(historyOf(record('p')))
  command.save({ ...command.load(), ...historyOf(record('q')) })
  expect(app.load()).toEqual(historyOf(record('p'), record('q')))
})

test.each(['[1,null,{}]', '[{"kind":"idle"}]', '[]', '{}'])('a file with %j contains no records', (text) => {
  const folder = newFolder()
  writeFileSync(join(folder, 'alert-marks.json'), text)
  expect(openAlertHistory(folder, never).load()).toEqual({})
})

test.each(['', '{', 'null', '7'])('a file damaged to %j is kept as a copy and reported', (text) => {
  const folder = newFolder()
  writeFileSync(join(folder, 'alert-marks.json'), text)
  const problems: string[] = []
  const store = openAlertHistory(folder, (problem) => problems.push(problem))
  expect(store.load()).toEqual({})
  expect(problems).toEqual([expect.stringContaining('alert-marks.json.damaged-')])
  store.save(historyOf(record('p')))
  const copy = readdirSync(folder).find((name) => name.includes('.damaged-')) ?? ''
  expect(readFileSync(join(folder, copy), 'utf8')).toBe(text)
})

test('a file that is damaged while the program runs makes no alert repeat', () => {
  const folder = newFolder()
  const store = openAlertHistory(folder, never)
  store.save(historyOf(record('p')))
  writeFileSync(join(folder, 'alert-marks.json'), '{')
  expect(store.load()).toEqual(historyOf(record('p')))
})

test('records that cannot be written are kept for the run, and reported once', () => {
  const folder = newFolder()
  mkdirSync(join(folder, 'alert-marks.json.new', 'in the way'), { recursive: true })
  const problems: string[] = []
  const store = openAlertHistory(folder, (text) => problems.push(text))
  store.save(historyOf(record('p')))
  store.save(historyOf(record('p'), record('q')))
  expect(store.load()).toEqual(historyOf(record('p'), record('q')))
  expect(problems).toEqual([expect.stringMatching(/^The alert history could not be saved: \w/)])
  rmSync(join(folder, 'alert-marks.json.new'), { recursive: true })
  store.save(historyOf(record('q')))
  expect(JSON.parse(readFileSync(join(folder, 'alert-marks.json'), 'utf8'))).toHaveLength(1)
})

test('a file that disappears loses nothing, and is restored', () => {
  const folder = newFolder()
  const store = openAlertHistory(folder, never)
  store.save(historyOf(record('p')))
  rmSync(join(folder, 'alert-marks.json'))
  expect(store.load()).toEqual(historyOf(record('p')))
  store.save(store.load())
  expect(existsSync(join(folder, 'alert-marks.json'))).toBe(true)
})
