import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { IncludedFiles, MAX_OPENED_FILES, MAX_PATH } from '../../../src/ssh/config/included-files'
import { matchesFileName } from '../../../src/ssh/config/wildcards'
import { tempFolder } from '../../harness/ssh/openssh-for-test'

/** A home folder with these files below `.ssh`, each containing its own path. */
function homeWith(...paths: readonly string[]): string {
  const home = tempFolder('included')
  for (const path of ['x', ...paths]) {
    mkdirSync(join(home, '.ssh', path, '..'), { recursive: true })
    writeFileSync(join(home, '.ssh', path), path)
  }
  return home
}

describe('an included file', () => {
  it('is found by an absolute path or one relative to ~/.ssh', () => {
    const home = homeWith('work/config')
    expect(new IncludedFiles(home).read('work/config')).toEqual(['work/config'])
    expect(new IncludedFiles('/nowhere').read(join(home, '.ssh/work/config'))).toEqual(['work/config'])
    expect(new IncludedFiles(home).read(join(home, '.ssh/*/config'))).toEqual(['work/config'])
  })

  it('can match several files by wildcards, which are sorted by name', () => {
    const home = homeWith('c.d/10-b', 'c.d/09-z', 'c.d/.hidden', 'c.d/a.conf', 'd.d/10-b', 'd.d/deep/10-c')
    const read = (path: string) => new IncludedFiles(home).read(path)
    expect(read('c.d/*')).toEqual(['c.d/09-z', 'c.d/10-b', 'c.d/a.conf'])
    expect(read('c.d/.h*')).toEqual(['c.d/.hidden'])
    expect(read('*.d/10-?')).toEqual(['c.d/10-b', 'd.d/10-b'])
    expect(read('[de].d//*')).toEqual(['d.d/10-b'])
    expect(read('*/*/*')).toEqual(['d.d/deep/10-c'])
    expect(read('*/nothing')).toEqual([])
  })

  it('is skipped if it is missing, a folder, a device, too large or unreadable', () => {
    const home = homeWith('c.d/1', 'c.d/9')
    const place = (name: string) => join(home, '.ssh/c.d', name)
    mkdirSync(place('2'))
    symlinkSync('/dev/zero', place('3'))
    symlinkSync('4', place('4'))
    writeFileSync(place('5'), ' '.repeat(256 * 1024 + 1))
    execFileSync('mkfifo', [place('6')])
    writeFileSync(place('7'), 'secret')
    chmodSync(place('7'), 0)
    const texts = new IncludedFiles(home).read('c.d/*')
    // Root can read every file.
    expect(texts.filter((text) => text !== 'secret')).toEqual(['c.d/1', 'c.d/9'])
    expect(new IncludedFiles(home).read('x/*')).toEqual([])
    expect(new IncludedFiles(home).read('')).toEqual([])
  })

  it('is skipped if its path is longer than any system allows', () => {
    const included = new IncludedFiles(homeWith())
    expect(included.read(`${'./'.repeat(MAX_PATH / 2 - 1)}/x`)).toEqual(['x'])
    expect(included.read(`${'./'.repeat(MAX_PATH / 2)}x`)).toEqual([])
    expect(included.read('['.repeat(1_000_000))).toEqual([])
  })

  it('is opened once, up to a maximum number of files', () => {
    const names = Array.from({ length: MAX_OPENED_FILES + 10 }, (_, n) => `c.d/${String(n).padStart(4, '0')}`)
    const home = homeWith(...names)
    const included = new IncludedFiles(home)
    const found = included.read('c.d/*')
    expect(found).toEqual(names.slice(0, MAX_OPENED_FILES - 1))
    expect(included.read('x')).toEqual([])
    expect(included.read('c.d/*')).toBe(found)
  })
})

describe('the name of an included file', () => {
  it.each([
    ['a', 'a', true],
    ['a', 'b', false],
    ['', '*', true],
    ['abc', '*', true],
    ['abc', 'a*c', true],
    ['abc', 'a?c', true],
    ['ac', 'a?c', false],
    ['b', '[abc]', true],
    ['b', '[a-c]', true],
    ['a', '[a-c]', true],
    ['c', '[a-c]', true],
    ['d', '[a-c]', false],
    ['d', '[!a-c]', true],
    ['d', '[^a-c]', true],
    ['b', '[!a-c]', false],
    [']', '[]a]', true],
    ['a', '[]a]', true],
    [']', '[!]a]', false],
    ['-', '[a-]', true],
    ['b', '[a-]', false],
    ['x1.conf', 'x[0-9].*', true],
    ['[', '[', true],
    ['[]', '[]', true],
    ['[!]', '[!]', true],
    ['a', '[!]', false],
    ['^', '[a^]', true],
    ['!', '[!^]', true],
    ['^', '[!^]', false],
    ['ab', '[!ab]', false],
    ['[a', '[a', true],
    ['.a', '*', false],
    ['.a', '?a', false],
    ['.a', '.*', true],
    ['a.', '*', true],
  ])('%s compared with the pattern %s: %s', (name, pattern, isSo) => {
    expect(matchesFileName(name, pattern)).toBe(isSo)
  })
})
