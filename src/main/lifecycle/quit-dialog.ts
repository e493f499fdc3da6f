import { dialog } from 'electron'
import type { QuitQuestion } from '../../core/view/quit-question'

const STAY = 0

/** Asks in a window of the system's own, which needs none of ours. Closing it means to stay. */
export async function askInDialog(
  { message, detail, stay, leave }: QuitQuestion,
  signal: AbortSignal,
): Promise<'quit' | 'wait'> {
  const { response } = await dialog.showMessageBox({
    type: 'question',
    title: 'Quit Podkeeper?',
    message,
    detail,
    buttons: [stay, leave],
    defaultId: STAY,
    cancelId: STAY,
    noLink: true,
    signal,
  })
  return response === STAY ? 'wait' : 'quit'
}
