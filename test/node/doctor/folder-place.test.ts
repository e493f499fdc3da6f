import { mkdirSync, mkdtempSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { fileSystemOf, folderPlace, syncServiceOf } from '../../../src/node/doctor/folder-place'
import { notificationsLine } from '../../../src/node/doctor/notifications-line'

const MOUNTS = `22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
30 22 0:40 / /home rw shared:5 - nfs4 server:/home rw
31 30 0:41 / /home/tom/local\\040disk rw - ext4 /dev/sdb1 rw
32 22 0:42 / /mnt/pods rw - fuse.sshfs tom@host:/ rw
33 22 0:43 / /mnt/pods rw - xfs /dev/sdc1 rw`

test.each([
  ['/var/lib', 'ext4'],
  ['/home/tom/.config/Podkeeper', 'nfs4'],
  ['/home/tom/local disk/Podkeeper', 'ext4'],
  ['/homes/tom', 'ext4'],
  // What is mounted later covers what was there.
  ['/mnt/pods/x', 'xfs'],
])('%s is on %s by the list of mounts', (path, type) => {
  expect(fileSystemOf(MOUNTS, path)).toBe(type)
})

test.each([
  ['linux', '/home/tom/Dropbox/podkeeper', 'Dropbox'],
  ['linux', '/home/tom/Nextcloud', 'Nextcloud'],
  ['linux', '/home/tom/.config/Podkeeper', null],
  ['linux', '/home/dropbox-user/Podkeeper', null],
  ['darwin', '/Users/tom/Library/Mobile Documents/com~apple~CloudDocs/x', 'iCloud'],
  ['darwin', '/Users/tom/Library/CloudStorage/Box-Box/x', 'a cloud drive'],
  ['darwin', '/Users/tom/Library/Application Support/Podkeeper', null],
  ['win32', 'C:\\Users\\tom\\OneDrive - Acme\\Podkeeper', 'OneDrive'],
  ['win32', 'C:\\Users\\tom\\AppData\\Roaming\\Podkeeper', null],
] as const)('on %s, %s is synced by %s', (platform, path, service) => {
  expect(syncServiceOf(path, platform)).toBe(service)
})

test('a folder is looked at where its links lead, and where it would be made', () => {
  const root = mkdtempSync(join(tmpdir(), 'podkeeper-place-'))
  mkdirSync(join(root, 'Dropbox'))
  symlinkSync(join(root, 'Dropbox'), join(root, 'plain'))
  expect(folderPlace(join(root, 'plain', 'not', 'there'))).toEqual({ kind: 'synced', by: 'Dropbox' })
  expect(folderPlace(join(root, 'own'))).toEqual({ kind: 'local' })
})

test('notifications of the command line need a desktop session and a program', () => {
  const session = { DISPLAY: ':1', DBUS_SESSION_BUS_ADDRESS: 'unix:path=/x' }
  expect(notificationsLine({}, 'linux').verdict).toBe('not-checked')
  expect(notificationsLine({ ...session, PATH: '/nowhere' }, 'linux').verdict).toBe('warning')
  expect(notificationsLine(session, 'darwin').verdict).toBe('not-checked')
})
