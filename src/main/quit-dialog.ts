import { dialog } from 'electron'
import type { QuitQuestion } from '../core/quit-question'

const BUTTONS = ['Wait', 'Quit anyway']
const WAIT = 0

/** Asks in a window of the system's own, which needs none of ours. Closing it means to wait. */
export async function askInDialog(question: QuitQuestion, signal: AbortSignal): Promise<'quit' | 'wait'> {
  const { response } = await dialog.showMessageBox({
    type: 'question',
    title: 'Quit Podkeeper?',
    ...question,
    buttons: BUTTONS,
    defaultId: WAIT,
    cancelId: WAIT,
    noLink: true,
    signal,
  })
  return response === WAIT ? 'wait' : 'quit'
}
