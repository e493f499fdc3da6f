import { describe, expect, it } from 'vitest'
import { parseCopyPath, parseCopyPaths } from '../../../src/cli/commands/files/pod-path'
import { parseSize } from '../../../src/cli/program/program-files'

describe('a path', () => {
  it.each([
    ['llama:/workspace', 'llama', '/workspace'],
    ['llama 70b:out', 'llama 70b', 'out'],
    ['llama:~/out', 'llama', 'out'],
    ['llama:~', 'llama', ''],
    ['llama:', 'llama', ''],
    ['llama:a:b', 'llama', 'a:b'],
    ['c:out', 'c', 'out'],
  ])('%s is on a pod', (text, podQuery, path) => {
    expect(parseCopyPath(text, 'linux')).toEqual({ kind: 'pod', podQuery, path })
  })

  it.each(['.', 'file', './a:b', '/tmp/a:b', ':a', ''])('%s is on this computer', (text) => {
    expect(parseCopyPath(text, 'linux')).toEqual({ kind: 'local', path: text })
  })

  it('of Windows may begin with a drive', () => {
    expect(parseCopyPath('c:\\out', 'win32').kind).toBe('local')
    expect(parseCopyPath('..\\a:b', 'win32').kind).toBe('local')
    expect(parseCopyPath('llama:/out', 'win32').kind).toBe('pod')
  })
})

it('several sources go from one pod to this computer, or from here to one pod', () => {
  expect(parseCopyPaths(['a', 'b', 'p:c'], 'linux')).toEqual({
    direction: 'upload',
    podQuery: 'p',
    sources: ['a', 'b'],
    destination: 'c',
  })
  expect(parseCopyPaths(['p:a', 'p:b', '.'], 'linux')).toMatchObject({
    direction: 'download',
    sources: ['a', 'b'],
  })
  for (const texts of [
    [],
    ['a'],
    ['a', 'b'],
    ['p:a', 'p:b'],
    ['p:a', 'q:b', '.'],
    ['p:a', 'b', '.'],
    ['a\0', 'p:b'],
  ])
    expect(() => parseCopyPaths(texts, 'linux')).toThrow(expect.objectContaining({ exitCode: 2 }))
})

it('a size has a unit', () => {
  expect([parseSize('20GB'), parseSize('1.5 m'), parseSize('7'), parseSize('2TB')]).toEqual([
    2e10, 1.5e6, 7, 2e12,
  ])
  for (const bad of ['', 'much', '-1', '1e5', '5 XB'])
    expect(() => parseSize(bad)).toThrow('It must be a size')
})
