import { expect, test } from 'vitest'
import { ownWindowText } from '../../../../src/renderer/terminal/own-window/own-window-text'

test.each([
  [null, 'llama', undefined, 'llama – Podkeeper'],
  [null, 'llama', 'Work', 'llama · Work – Podkeeper'],
  ['train', 'llama', undefined, 'train · llama – Podkeeper'],
  ['train', 'llama', 'Work', 'train · llama · Work – Podkeeper'],
] as const)('a window of a tab (%s) names pod and account: %s, %s', (tab, pod, account, title) => {
  expect(ownWindowText.title(tab, pod, account)).toBe(title)
})
