import { dialog } from 'electron'
import type { QuitPrompt } from '../../core/view/quit-prompt'

const STAY = 0

/** Asks in a native dialog, which works without our windows. Closing it cancels the quit. */
export async function showQuitDialog(
  { message, detail, stayLabel, quitLabel }: QuitPrompt,
  signal: AbortSignal,
): Promise<'quit' | 'wait'> {
  const { response } = await dialog.showMessageBox({
    type: 'question',
    title: 'Quit Podkeeper?',
    message,
    detail,
    buttons: [stayLabel, quitLabel],
    defaultId: STAY,
    cancelId: STAY,
    noLink: true,
    signal,
  })
  return response === STAY ? 'wait' : 'quit'
}
