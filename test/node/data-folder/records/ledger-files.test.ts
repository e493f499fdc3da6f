import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { costsFolder, openLedgerFiles } from '../../../../src/node/data-folder/records/ledger-files'

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'podkeeper-costs-'))
  onTestFinished(() => rmSync(path, { recursive: true, force: true }))
  return path
}

test('each month is stored in a file of its own, and so is each day', () => {
  const path = join(folder(), 'costs', 'account')
  const files = openLedgerFiles(path, () => true)
  expect(files.months()).toEqual([])
  expect(files.read('2026-11')).toEqual({ text: null, problem: null })
  expect(files.write('2026-11', 'text').ok).toBe(true)
  expect(files.write('2026-10', 'older').ok).toBe(true)
  expect(files.write('2026-10-31', 'its last day').ok).toBe(true)
  expect(files.parts('2026-10')).toEqual(['2026-10-31', '2026-10'])
  writeFileSync(join(path, 'notes.json'), '')
  expect([...files.months()].sort()).toEqual(['2026-10', '2026-11'])
  expect(files.read('2026-11').text).toBe('text')
  files.remove('2026-10')
  expect(files.months()).toContain('2026-10')
  files.remove('2026-10-31')
  expect(files.months()).toEqual(['2026-11'])
  expect(existsSync(files.setAside('2026-11'))).toBe(true)
  expect(files.months()).toEqual([])
})

test('a damaged month never overwrites an earlier copy, and stays where no copy can be made', () => {
  const path = folder()
  const files = openLedgerFiles(path, () => true)
  files.write('2026-11', 'first')
  const first = files.setAside('2026-11')
  files.write('2026-11', 'second')
  expect(files.setAside('2026-11')).not.toBe(first)
  expect(readFileSync(first, 'utf8')).toBe('first')
  expect(files.setAside('2026-09')).toBe(join(path, '2026-09.json'))
})

test('a damaged month is not replaced while no copy of it can be made', () => {
  const path = folder()
  const files = openLedgerFiles(path, () => true)
  files.write('2026-11', 'damaged')
  // Something is in the way of the copy's temporary file.
  const copy = files.keepCopy('2026-11')
  const inTheWay = `${(copy.ok ? copy.value : '').replace('future', 'damaged')}.new`
  mkdirSync(join(inTheWay, 'x'), { recursive: true })
  expect(files.setAside('2026-11')).toBe(join(path, '2026-11.json'))
  expect(files.write('2026-11', 'new')).toMatchObject({ ok: false })
  expect(files.read('2026-11').text).toBe('damaged')
  rmSync(inTheWay, { recursive: true })
  expect(files.write('2026-11', 'new')).toMatchObject({ ok: true })
  expect(readFileSync(inTheWay.slice(0, -'.new'.length), 'utf8')).toBe('damaged')
})

test('a month that could not be read is not replaced before it was copied', () => {
  const path = folder()
  const files = openLedgerFiles(path, () => true)
  const place = join(path, '2026-11.json')
  symlinkSync(place, place)
  expect(files.read('2026-11')).toMatchObject({ text: null, problem: expect.stringMatching(/ELOOP/) })
  rmSync(place)
  writeFileSync(place, 'from before')
  expect(files.write('2026-11', 'new').ok).toBe(true)
  const copies = readdirSync(path).filter((name) => name.includes('damaged'))
  expect(copies.map((name) => readFileSync(join(path, name), 'utf8'))).toEqual(['from before'])
})

test('nothing is written while another process keeps the costs', () => {
  const path = folder()
  const files = openLedgerFiles(path, () => false)
  expect(files.write('2026-11', 'text').ok).toBe(true)
  expect(files.keepCopy('2026-11').ok).toBe(true)
  expect(readdirSync(path)).toEqual([])
})

test('a copy of a month of the future leaves the file, and never replaces an earlier copy', () => {
  const path = folder()
  const files = openLedgerFiles(path, () => true)
  const copies = ['first', 'second'].map((text) => {
    files.write('2026-11', text)
    const kept = files.keepCopy('2026-11')
    expect(files.read('2026-11').text).toBe(text)
    return kept.ok ? kept.value : ''
  })
  expect(copies.map((copy) => readFileSync(copy, 'utf8'))).toEqual(['first', 'second'])
  expect(copies[0]).toMatch(/2026-11\.json\.future-\w+$/)
  expect(files.months()).toEqual(['2026-11'])
})

test('a copy that cannot be made is reported', () => {
  expect(openLedgerFiles(folder(), () => true).keepCopy('2026-11')).toMatchObject({ ok: false })
})

test.runIf(process.platform !== 'win32' && process.getuid?.() !== 0)(
  'a folder that cannot be written is reported',
  () => {
    const path = folder()
    chmodSync(path, 0o500)
    const written = openLedgerFiles(path, () => true).write('2026-11', 'text')
    expect(written).toMatchObject({ ok: false })
  },
)

test('a path that cannot be read is reported, and does not count as empty', () => {
  const path = folder()
  const files = openLedgerFiles(path, () => true)
  files.write('2026-11', 'text')
  rmSync(join(path, '2026-11.json'))
  openLedgerFiles(join(path, '2026-11.json'), () => true).write('2026-11', 'a folder in its place')
  expect(files.read('2026-11')).toMatchObject({ text: null, problem: expect.stringMatching(/EISDIR/) })
})

test('the id of an account does not lead out of the data folder', () => {
  expect(costsFolder('/data', '../../etc')).toBe(join('/data', 'costs', '______etc'))
})

test('a month that could not be read is not replaced without a copy, and a folder that cannot be listed says why', () => {
  const path = folder()
  mkdirSync(join(path, '2026-11.json'), { recursive: true })
  const files = openLedgerFiles(path, () => true)
  expect(files.listProblem()).toBeNull()
  expect(files.read('2026-11')).toMatchObject({ text: null, problem: expect.stringContaining('EISDIR') })
  expect(files.write('2026-11', 'text')).toMatchObject({ ok: false })

  writeFileSync(join(path, 'file'), '')
  const none = openLedgerFiles(join(path, 'file'), () => true)
  expect([none.months(), none.listProblem()]).toEqual([[], expect.stringContaining('ENOTDIR')])
  expect(none.write('2026-11', 'text')).toMatchObject({ ok: false })
  expect(() => none.remove('2026-11')).not.toThrow()
  expect(openLedgerFiles(join(path, 'none'), () => true).listProblem()).toBeNull()
})
