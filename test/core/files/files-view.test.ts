import { expect, test } from 'vitest'
import {
  isAbsolutePodPath,
  isInnerPath,
  isPlainName,
  MAX_FOLDER_ITEMS,
  parentOfPath,
  shownItems,
} from '../../../src/core/files/files-view'

test('a name leads nowhere else', () => {
  for (const name of ['a', ' ', '...', '-rf', 'a\nb', '\udcff', '🧪', '~'])
    expect(isPlainName(name)).toBe(true)
  for (const name of ['', '.', '..', 'a/b', '/', 'a\0']) expect(isPlainName(name)).toBe(false)
})

test('a path below a folder has plain names only', () => {
  for (const path of ['', 'a', 'a/b c/\udcff']) expect(isInnerPath(path)).toBe(true)
  for (const path of ['/', '/a', 'a/', 'a//b', 'a/../b', '..', './a', 'a\0'])
    expect(isInnerPath(path)).toBe(false)
})

test('a path of a pod begins at its root and is bounded', () => {
  for (const path of ['/', '/workspace', '/a/../b']) expect(isAbsolutePodPath(path)).toBe(true)
  for (const path of ['', 'a', '~', './a', '/a\0', `/${'a'.repeat(4_096)}`])
    expect(isAbsolutePodPath(path)).toBe(false)
})

test('a folder shows folders first, by name, and says how many it leaves out', () => {
  const files = Array.from({ length: MAX_FOLDER_ITEMS }, (_, at) => ({
    kind: 'file' as const,
    path: `f${at}`,
  }))
  const { shown, leftOutCount } = shownItems([
    ...files,
    { kind: 'folder' as const, path: 'z' },
    { kind: 'folder' as const, path: 'y' },
  ])
  expect(shown.slice(0, 3).map(({ path }) => path)).toEqual(['y', 'z', 'f0'])
  expect([shown.length, leftOutCount]).toEqual([MAX_FOLDER_ITEMS, 2])
})

test('the parent of a path is its folder, and that of the root the root', () => {
  for (const [path, parent] of [
    ['/', '/'],
    ['/a', '/'],
    ['/a/b', '/a'],
    ['/a/b/', '/a'],
    ['//a', '/'],
    ['/a\n/b c', '/a\n'],
  ] as const)
    expect(parentOfPath(path)).toBe(parent)
})
