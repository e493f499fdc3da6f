import { setImmediate } from 'node:timers/promises'
import { dialog } from 'electron'
import type { QuitPrompt } from '../../core/view/window/quit-prompt'
import { lifecycleText } from './lifecycle-text'

const STAY = 0

/** Asks in a native dialog, which works without our windows. Closing it cancels the quit. */
export async function showQuitDialog(
  { message, detail, stayLabel, quitLabel }: QuitPrompt,
  signal: AbortSignal,
): Promise<'quit' | 'wait'> {
  const { response } = await dialog.showMessageBox({
    type: 'question',
    title: lifecycleText.quit,
    message,
    detail,
    buttons: [stayLabel, quitLabel],
    defaultId: STAY,
    cancelId: STAY,
    noLink: true,
    signal,
  })
  // On Linux, Electron answers from within the dialog's own event, and crashes if the app ends before that is over.
  await setImmediate()
  return response === STAY ? 'wait' : 'quit'
}
