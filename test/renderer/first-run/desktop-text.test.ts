import { expect, test } from 'vitest'
import { missingNotificationText, trayLocationText } from '../../../src/renderer/first-run/desktop-text'

test('each platform has its own text about the tray icon and missing notifications', () => {
  expect(trayLocationText('MacIntel')).toContain('menu bar')
  expect(trayLocationText('Win32')).toContain('taskbar')
  expect(trayLocationText('Linux x86_64')).toContain('tray of your panel')
  for (const platform of ['MacIntel', 'Win32', 'Linux x86_64'])
    expect(missingNotificationText(platform)).toMatch(
      /^See .*The tray icon and this window tell it all the same\.$/,
    )
})
