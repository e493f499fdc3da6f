import { expect, test } from 'vitest'
import { removeRemote } from '../../../src/ssh/files/sides/remove-remote'
import { SftpError, sftpError } from '../../../src/ssh/files/sftp/sftp-error'
import type { SftpClient, SftpName } from '../../../src/ssh/files/sftp/sftp-client'

const FOLDER = 0o040755
const FILE = 0o100644
const LINK = 0o120777
const attributes = (mode: number) => ({ sizeBytes: 1, mode, modifiedAtS: 0 })
const named = (name: string, mode: number): SftpName => ({ name, attributes: attributes(mode) })

/** A server that says what it likes. `kinds`: by path; a file otherwise. */
function hostile(
  names: (path: string) => readonly SftpName[],
  kinds: Readonly<Record<string, number>>,
  fails: (path: string) => SftpError | null = () => null,
) {
  const removed: string[] = []
  const remove = async (path: string): Promise<void> => {
    const error = fails(path)
    if (error !== null) throw error
    removed.push(path)
  }
  const sftp = {
    lstat: async (path: string) => attributes(kinds[path] ?? FILE),
    readFolder: async (path: string) => names(path),
    remove,
    removeFolder: remove,
  } as unknown as SftpClient
  return { sftp, removed }
}

test('names that lead out of the folder are never removed, nor is the folder that has them', async () => {
  const names = ['..', '.', '', '../etc', 'a/b', 'a\0b', 'fine'].map((name) => named(name, FILE))
  const { sftp, removed } = hostile(() => names, { '/w': FOLDER })
  expect(await removeRemote(sftp, '/w', 'folder')).toMatchObject({ path: '/w' })
  expect(removed).toEqual(['/w/fine'])
})

test('what was a folder when its own was read and is a link now is removed as a link', async () => {
  const list = (path: string) => (path === '/w' ? [named('sub', FOLDER)] : [named('secret', FILE)])
  const { sftp, removed } = hostile(list, { '/w': FOLDER, '/w/sub': LINK })
  expect(await removeRemote(sftp, '/w', 'folder')).toBeNull()
  expect(removed).toEqual(['/w/sub', '/w'])
})

test('folders without an end are given up', async () => {
  const kinds = new Proxy({}, { get: () => FOLDER })
  const { sftp, removed } = hostile(() => [named('again', FOLDER)], kinds)
  expect(await removeRemote(sftp, '/w', 'folder')).toMatchObject({ reason: 'what is in it is too deep' })
  expect(removed).toEqual([])
})

test('what can’t be removed is named, and the rest is removed', async () => {
  const list = (path: string) =>
    path === '/w' ? [named('locked', FILE), named('sub', FOLDER), named('gone', FILE)] : [named('x', FILE)]
  const { sftp, removed } = hostile(list, { '/w': FOLDER, '/w/sub': FOLDER }, (path) =>
    path === '/w/locked'
      ? sftpError('permission-denied')
      : path === '/w/gone'
        ? sftpError('no-such-file')
        : null,
  )
  expect(await removeRemote(sftp, '/w', 'folder')).toEqual({
    path: '/w/locked',
    reason: 'access was denied on the pod',
  })
  expect(removed).toEqual(['/w/sub/x', '/w/sub'])
})

test('a lost connection is no problem of a file', async () => {
  const { sftp } = hostile(
    () => [],
    {},
    () => sftpError('lost'),
  )
  await expect(removeRemote(sftp, '/w', 'file')).rejects.toThrow(SftpError)
})
