import { expect } from 'vitest'
import { userEvent } from 'vitest/browser'
import type { TestWindow } from './open-window'

/** Agrees to a question by keyboard alone: Cancel has the focus, and the next button is reached with Tab. */
export async function confirmByKeyboard(question: TestWindow, label: string): Promise<void> {
  await expect.element(question.getByRole('button', { name: 'Cancel' })).toHaveFocus()
  await expect.element(question.getByRole('button', { name: label })).toBeEnabled()
  await userEvent.keyboard('{Tab}')
  await expect.element(question.getByRole('button', { name: label })).toHaveFocus()
  await userEvent.keyboard('{Enter}')
}
