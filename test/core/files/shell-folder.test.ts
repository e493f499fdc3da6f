import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeName } from '../../../src/core/files/file-name'
import { isAbsolutePodPath } from '../../../src/core/files/files-view'
import {
  folderOnPod,
  FOLDER_SEQUENCES,
  noFolder,
  parseFolderReport,
  parseTmuxFolder,
  withFolderReport,
} from '../../../src/core/files/shell-folder'
import { anyCharacter } from '../../harness/base/any-character'

const { url, conEmu, iTerm } = FOLDER_SEQUENCES
const report = (code: number, data: string) => parseFolderReport(code, data)

/** Where a shell is that sent these, in order. */
const after = (...reports: readonly (readonly [number, string])[]): string | null =>
  folderOnPod(
    reports.reduce((state, [code, data]) => {
      const read = report(code, data)
      return read === null ? state : withFolderReport(state, read)
    }, noFolder),
  )

describe('a report of a folder', () => {
  it('is read in each of its forms', () => {
    expect(report(url, 'file://pod/workspace')).toEqual({ host: 'pod', path: '/workspace' })
    expect(report(url, 'file:///a%20b/%F0%9F%A7%AA/ü')).toEqual({ host: null, path: '/a b/🧪/ü' })
    expect(report(conEmu, '9;/data')).toEqual({ host: null, path: '/data' })
    expect(report(conEmu, '9;"/two words"')).toEqual({ host: null, path: '/two words' })
    expect(report(iTerm, 'CurrentDir=/mnt=1')).toEqual({ host: null, path: '/mnt=1' })
    expect(report(iTerm, 'RemoteHost=root@Pod')).toEqual({ host: 'pod', path: null })
  })

  it('says nothing if it is about something else', () => {
    for (const data of ['done', '4;1;50', '']) expect(report(conEmu, data)).toBeNull()
    for (const data of ['ClearScrollback', 'SetMark', 'File=name=x:AAAA'])
      expect(report(iTerm, data)).toBeNull()
    expect(report(133, 'A')).toBeNull()
  })

  it('that can’t be understood makes the folder unknown', () => {
    for (const data of [
      '',
      'http://pod/a',
      'file://pod',
      'file://pod/100%',
      'file://pod/%zz',
      'file://pod/a%00b',
      'file://pod/a\ufffdb',
      `file://pod/${'x'.repeat(5_000)}`,
      `file://pod/${'x'.repeat(100_000)}`,
    ])
      expect(after([url, 'file://pod/before'], [url, data]), data.slice(0, 30)).toBeNull()
    for (const data of ['9;relative', '9;', '9;C:\\dir', '9;/a\ufffd'])
      expect(after([conEmu, '9;/before'], [conEmu, data]), data).toBeNull()
  })

  it('has every byte of a name', () => {
    const escaped = (bytes: Uint8Array): string =>
      [...bytes].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('')
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 50 }), (bytes) => {
        fc.pre(!bytes.includes(0))
        expect(report(url, `file://pod/${escaped(bytes)}`)?.path).toBe(`/${decodeName(bytes)}`)
      }),
    )
  })

  it('never yields anything but an absolute path', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(url, conEmu, iTerm),
        fc.constantFrom('', 'file://', 'file:///', '9;', 'CurrentDir=', 'RemoteHost='),
        fc.string({ unit: anyCharacter }),
        (code, prefix, rest) => {
          const path = after([code, prefix + rest])
          expect(path === null || isAbsolutePodPath(path)).toBe(true)
        },
      ),
    )
  })
})

describe('the folder on the pod', () => {
  it('is unknown while the shell is on another computer', () => {
    const there = [url, 'file://other/home'] as const
    expect(after([url, 'file://pod/a'], there)).toBeNull()
    expect(after([url, 'file://pod/a'], there, [url, 'file://POD/b'])).toBe('/b')
    expect(after([url, 'file://pod/a'], there, [conEmu, '9;/c'])).toBeNull()
    const [pod, other] = [
      [iTerm, 'RemoteHost=root@pod'],
      [iTerm, 'RemoteHost=me@other'],
    ] as const
    const at = (path: string) => [iTerm, `CurrentDir=${path}`] as const
    expect(after(pod, at('/a'))).toBe('/a')
    expect(after(pod, at('/a'), pod)).toBe('/a')
    expect(after(pod, at('/a'), other)).toBeNull()
    expect(after(pod, at('/a'), other, at('/x'))).toBeNull()
    expect(after(pod, at('/a'), other, at('/x'), pod)).toBeNull()
    expect(after(pod, at('/a'), other, at('/x'), pod, at('/b'))).toBe('/b')
  })

  it('is unknown before the shell said anything', () => {
    expect(after()).toBeNull()
    expect(after([iTerm, 'RemoteHost=root@pod'])).toBeNull()
  })
})

describe('what tmux prints', () => {
  it('is a path, unless it may stand for another one', () => {
    const of = (text: string) => parseTmuxFolder(Buffer.from(text))
    expect(of('/workspace/ü 🧪\n')).toBe('/workspace/ü 🧪')
    for (const text of ['', '\n', 'relative', '/a\\nb', '/a\nb\n', '/a\u001b[0m', `/${'x'.repeat(5_000)}`])
      expect(of(text), text.slice(0, 20)).toBeNull()
    expect(parseTmuxFolder(Buffer.from([0x2f, 0xff]))).toBeNull()
  })
})
