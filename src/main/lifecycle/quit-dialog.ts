import { dialog } from 'electron'
import type { QuitPrompt } from '../../core/view/quit-prompt'

const STAY = 0

/** Asks in a window of the system's own, which needs none of ours. Closing it means to stay. */
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
