import { expect, test } from 'vitest'
import { createNotices } from '../../../src/core/view/notices'
import { addDataFolderNotice } from '../../../src/main/lifecycle/data-folder-notice'

function noticesOf(isPackaged: boolean, switches: readonly string[]) {
  const notices = createNotices()
  const commandLine = { hasSwitch: (name: string) => switches.includes(name) }
  addDataFolderNotice({ isPackaged, commandLine }, '/tmp/other', notices, 7)
  return notices
}

test('a package that was started with another data folder names it in its windows, with every account', () => {
  const notices = noticesOf(true, ['user-data-dir'])
  notices.dismissAccount('account')
  expect(notices.all()).toEqual([
    {
      id: 'data-folder',
      accountId: null,
      podId: null,
      text: 'Podkeeper was started with another data folder: /tmp/other.',
      atMs: 7,
    },
  ])
})

test('nothing is shown of the usual data folder, and in a checkout', () => {
  expect(noticesOf(true, ['hidden']).all()).toEqual([])
  expect(noticesOf(false, ['user-data-dir']).all()).toEqual([])
})
