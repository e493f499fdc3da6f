import { expect, test } from 'vitest'
import type { FolderItem, TransferView } from '../../../src/core/files/files-view'
import {
  itemsText,
  linkText,
  nameText,
  noFilesText,
  transferNews,
  transferText,
  whereText,
} from '../../../src/renderer/files/files-text'

const transfer = (more: Partial<TransferView> = {}): TransferView => ({
  id: 't',
  podKey: 'a/p',
  podName: 'llama',
  direction: 'upload',
  names: ['train.py'],
  count: 1,
  place: '/workspace',
  state: { kind: 'copying' },
  progress: {
    filesDone: 0,
    filesTotal: 1,
    bytesDone: 118_000_000,
    bytesTotal: 190_000_000,
    bytesPerS: 14_000_000,
    remainingMs: 5_000,
  },
  copied: 0,
  same: 0,
  skipped: [],
  skippedCount: 0,
  ...more,
})
const item = (more: Partial<FolderItem>): FolderItem => ({
  path: 'a',
  kind: 'link',
  sizeBytes: 0,
  mode: 0o777,
  modifiedAtS: 0,
  target: '../b',
  leadsTo: 'folder',
  ...more,
})

test('a transfer names what is copied, and where to', () => {
  expect(itemsText(transfer())).toBe('train.py')
  expect(itemsText(transfer({ names: ['a', 'b'], count: 2 }))).toBe('a and b')
  expect(itemsText(transfer({ names: ['a', 'b', 'c'], count: 1_203 }))).toBe('a, b, c and 1,200 more')
  expect(whereText(transfer())).toBe('To /workspace on llama')
  expect(whereText(transfer({ place: '' }))).toBe('To the home folder on llama')
  expect(whereText(transfer({ direction: 'download', place: 'here' }))).toBe('From llama to here')
})

test('a transfer says how far it is, and what became of it', () => {
  const far = '118 MB of 190 MB (62%), 14 MB/s, 5 s left'
  expect(transferText(transfer())).toBe(`Uploading, ${far}`)
  expect(transferText(transfer({ direction: 'download', progress: null }))).toBe('Downloading')
  expect(transferText(transfer({ state: { kind: 'paused' } }))).toBe(`Paused. ${far}`)
  expect(transferText(transfer({ state: { kind: 'lost' } }))).toMatch(/^The connection was lost\./)
  expect(transferText(transfer({ state: { kind: 'failed', message: 'No.' } }))).toBe('No.')
  const done = { kind: 'done', tookMs: 61_000 } as const
  expect(transferText(transfer({ state: done, copied: 2, same: 1 }))).toBe(
    'Uploaded 2 files, 190 MB in 1 min. 1 file was there already',
  )
  expect(transferText(transfer({ state: { kind: 'done', tookMs: 20 }, copied: 1 }))).toBe(
    'Uploaded 1 file, 190 MB',
  )
})

test('screen readers hear of a beginning and an end, once', () => {
  const begun = transfer()
  expect(transferNews(undefined, begun)).toBe('train.py: uploading.')
  expect(transferNews(begun, transfer({ progress: null }))).toBe('')
  expect(transferNews(begun, transfer({ state: { kind: 'paused' } }))).toMatch(/^train\.py: Paused/)
  expect(transferNews(undefined, transfer({ state: { kind: 'connecting' } }))).toBe('')
})

test('a name shows what can’t be seen, its ends included', () => {
  expect(nameText('a b')).toBe('a b')
  expect(nameText(' a')).toBe('“ a”')
  expect(nameText(' ')).toBe('“ ”')
  expect(nameText('\u202ea\n')).toBe('\\u202ea\\n')
})

test('a link says where it leads', () => {
  expect(linkText(item({}))).toBe('→ ../b (folder)')
  expect(linkText(item({ leadsTo: 'file' }))).toBe('→ ../b (file)')
  expect(linkText(item({ leadsTo: null, target: 'a\nb' }))).toBe('→ a\\nb (broken)')
  expect(linkText(item({ target: null, leadsTo: null }))).toBe('→ unknown (broken)')
  expect(linkText(item({ kind: 'file' }))).toBeNull()
})

test('files need a running pod with direct SSH', () => {
  expect(noFilesText({ phase: 'running', sshRoute: 'direct' })).toBeNull()
  expect(noFilesText({ phase: 'running', sshRoute: 'proxy' })).toMatch(/direct SSH/)
  expect(noFilesText({ phase: 'stopped', sshRoute: null })).toMatch(/isn’t running/)
})
