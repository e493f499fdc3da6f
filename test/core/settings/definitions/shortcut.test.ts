import { expect, test } from 'vitest'
import { parseAccelerator } from '../../../../src/core/settings/definitions/shortcut'

test.each([
  ['Ctrl+Alt+P', 'Control+Alt+P'],
  [' alt + ctrl + p ', 'Control+Alt+P'],
  ['CmdOrCtrl+Shift+1', 'CommandOrControl+Shift+1'],
  ['Cmd+Option+Space', 'Command+Alt+Space'],
  ['win+esc', 'Super+Escape'],
  ['Ctrl+Ctrl+Enter', 'Control+Return'],
  ['F9', 'F9'],
  ['Shift+F12', 'Shift+F12'],
  ['Ctrl++', 'Control+Plus'],
  ['Ctrl+,', 'Control+,'],
])('“%s” is normalized to %s', (typed, keys) => {
  expect(parseAccelerator(typed)).toEqual({ ok: true, value: keys })
  expect(parseAccelerator(keys)).toEqual({ ok: true, value: keys })
})

test.each([
  ['', 'Podkeeper knows'],
  ['P', 'must include Ctrl'],
  ['Shift+P', 'must include Ctrl'],
  ['Ctrl', 'isn’t a modifier'],
  ['Ctrl+Alt', 'isn’t a modifier'],
  ['Ctrl+F25', '“F25” isn’t one'],
  ['Ctrl+Banana', '“Banana” isn’t one'],
  ['P+Ctrl+Q', '“P” isn’t a modifier key'],
  ['Ctrl Alt P', 'Podkeeper knows'],
])('“%s” is rejected with a reason', (typed, reason) => {
  expect(parseAccelerator(typed)).toEqual({ ok: false, error: expect.stringContaining(reason) })
})
