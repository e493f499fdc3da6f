import { expect, test } from 'vitest'
import { missingNotificationText } from '../../../src/renderer/settings/settings-text'

test('each platform has its own text about missing notifications', () => {
  expect(missingNotificationText('MacIntel')).toContain('Focus')
  expect(missingNotificationText('Win32')).toContain('Settings › System')
  expect(missingNotificationText('Linux x86_64')).toContain('desktop’s')
})
