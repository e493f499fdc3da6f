import { expect } from 'vitest'
import { userEvent } from 'vitest/browser'
import type { TestWindow } from './open-window'

/** What the page copied last, found by pasting it into a field of the test. */
export async function copiedText(window: TestWindow): Promise<string> {
  const { document } = window
  const field = document.body.appendChild(document.createElement('textarea'))
  window.global.focus()
  field.focus()
  await userEvent.paste()
  await expect.poll(() => field.value).not.toBe('')
  field.remove()
  return field.value
}
