import { describe, expect, it } from 'vitest'
import { foldedName, localNameProblem, toNamePlatform } from '../../../src/core/files/local-name'

const everywhere = ['plain', 'two words', "it's", '🧪', '-rf', '...a', '.hidden']
const notOnWindows = [
  'a\nb',
  'say "hi"',
  'what?',
  'a:b',
  'back\\slash',
  'dot.',
  'space ',
  'NUL',
  'com1.txt',
  'aux .txt',
  'a|b',
]
const nowhere = ['', '.', '..', 'a/b', '/', '../x', 'nul\0', '\ud800', 'x'.repeat(256), '🧪'.repeat(64)]

describe('a name from a pod', () => {
  it('is used where it names a file of the folder', () => {
    for (const name of [...everywhere, ...notOnWindows]) expect(localNameProblem(name, 'linux')).toBeNull()
    for (const name of everywhere) expect(localNameProblem(name, 'win32')).toBeNull()
    expect(localNameProblem('\udcff', 'linux')).toBeNull()
    expect(localNameProblem('x'.repeat(255), 'linux')).toBeNull()
  })

  it('is left out where it could mean anything else', () => {
    for (const platform of ['linux', 'darwin', 'win32'] as const)
      for (const name of nowhere)
        expect(localNameProblem(name, platform), JSON.stringify(name)).not.toBeNull()
    for (const name of notOnWindows) expect(localNameProblem(name, 'win32'), name).not.toBeNull()
    expect(localNameProblem('\udcff', 'darwin')).not.toBeNull()
    expect(localNameProblem(`.podkeeper-${'0'.repeat(56)}.part`, 'linux')).not.toBeNull()
    expect(localNameProblem('.podkeeper-notes.part', 'linux')).toBeNull()
  })

  it('may be that of another file where case is not told apart', () => {
    expect(foldedName('README', 'darwin')).toBe(foldedName('readme', 'darwin'))
    expect(foldedName('e\u0301', 'win32')).toBe(foldedName('é', 'win32'))
    expect(foldedName('README', 'linux')).not.toBe(foldedName('readme', 'linux'))
    expect(toNamePlatform('freebsd')).toBe('linux')
    expect(toNamePlatform('win32')).toBe('win32')
  })
})
