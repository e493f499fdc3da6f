import { describe, expect, it } from 'vitest'
import { type FileEntry, modeText } from '../../../src/core/files/file-entry'
import { diskBytesOf, planTransfer } from '../../../src/core/files/transfer-plan'

const entry = (path: string, overrides: Partial<FileEntry> = {}): FileEntry => ({
  path,
  kind: 'file',
  sizeBytes: 10,
  mode: 0o644,
  modifiedAtS: 0,
  target: null,
  ...overrides,
})
const folder = (path: string): FileEntry => entry(path, { kind: 'folder', sizeBytes: 0 })
const link = (path: string, target: string | null): FileEntry =>
  entry(path, { kind: 'link', sizeBytes: 0, target })
const paths = (entries: readonly { readonly path: string }[]): string[] => entries.map(({ path }) => path)

describe('a plan', () => {
  it('has folders before what is in them, and counts what is announced', () => {
    const plan = planTransfer(
      [entry('data/in/x'), folder('data/in'), folder('data'), entry('data/y')],
      [],
      'linux',
    )
    expect(paths(plan.folders)).toEqual(['data', 'data/in'])
    expect(paths(plan.files)).toEqual(['data/y', 'data/in/x'])
    expect(plan).toMatchObject({ totalBytes: 20, omitted: [] })
    expect(diskBytesOf(plan)).toBe(2 * 4_096 + 4 * 4_096)
  })

  it('leaves out a folder with a bad name, and all that is in it', () => {
    const plan = planTransfer(
      [folder('data'), folder('data/..'), entry('data/../x'), entry('data/ok')],
      [],
      'linux',
    )
    expect(paths(plan.files)).toEqual(['data/ok'])
    expect(paths(plan.omitted)).toEqual(['data/..', 'data/../x'])
  })

  it('leaves out what is neither file nor folder', () => {
    expect(planTransfer([entry('fifo', { kind: 'other' })], [], null).omitted).toEqual([
      { path: 'fifo', reason: 'it is neither file nor folder' },
    ])
  })

  it('has one file of a name, where case is not told apart as well', () => {
    const two = [folder('data'), entry('data/README'), entry('data/readme')]
    expect(planTransfer(two, [], 'linux').omitted).toEqual([])
    expect(planTransfer(two, [], 'darwin').omitted).toEqual([
      { path: 'data/readme', reason: 'another one has this name' },
    ])
    expect(paths(planTransfer([entry('a'), entry('a')], [], null).omitted)).toEqual(['a'])
  })

  it('keeps links that stay in the copied folder, and on a pod all', () => {
    const links = [folder('data'), link('data/in', 'x'), link('data/out', '../x'), link('data/what', null)]
    expect(paths(planTransfer(links, [], 'linux').links)).toEqual(['data/in'])
    expect(paths(planTransfer(links, [], 'win32').links)).toEqual([])
    expect(paths(planTransfer(links, [], null).links)).toEqual(['data/in', 'data/out', 'data/what'])
  })

  it('passes on what was not looked at', () => {
    expect(planTransfer([], [{ path: 'x', reason: 'why' }], null).omitted).toEqual([
      { path: 'x', reason: 'why' },
    ])
  })
})

it('a mode is text as ls has it', () => {
  expect(modeText({ kind: 'folder', mode: 0o755 })).toBe('drwxr-xr-x')
  expect(modeText({ kind: 'link', mode: 0o777 })).toBe('lrwxrwxrwx')
  expect(modeText({ kind: 'file', mode: 0o640 })).toBe('-rw-r-----')
})
