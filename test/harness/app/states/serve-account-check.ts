import type { ElectronApplication } from 'playwright-core'
import type { DoctorLine } from '../../../../src/core/doctor/doctor-line'
import type { AccountCheckView } from '../../../../src/shared/requests/account-requests'

/** A check of an account with each kind of answer. */
const lines: readonly DoctorLine[] = [
  { id: 'key', verdict: 'ok', text: 'Runpod accepts the key.' },
  { id: 'pods', verdict: 'ok', text: '5 pods, 3 running.' },
  {
    id: 'actions',
    verdict: 'not-checked',
    text: 'Runpod doesn’t say in advance whether the key can start and stop pods, and this check changes nothing.',
  },
  {
    id: 'balance',
    verdict: 'warning',
    text: 'The key has no permission to read the balance. You aren’t warned before it runs out.',
  },
  { id: 'logs', verdict: 'ok', text: 'The first lines came within 1 s.' },
  {
    id: 'list-figures',
    verdict: 'warning',
    text: 'Uptime, ports. Missing: GPU, CPU, memory. Only the single pod has GPU, CPU, memory, so running pods are read one by one.',
  },
  { id: 'pod-figures', verdict: 'ok', text: 'Uptime, GPU, CPU, memory, ports.' },
  { id: 'quota', verdict: 'ok', text: '593 requests left for all programs that use this key.' },
  {
    id: 'data-folder',
    verdict: 'problem',
    text: '~/Dropbox/Podkeeper is synced by Dropbox. Two computers could act on the same pods, and files can be mixed up. Move it out of there.',
  },
]

/** Makes a check of any account show these answers, while figures are measured. */
export async function serveAccountCheck(app: ElectronApplication): Promise<void> {
  await app.evaluate(({ ipcMain }, answers) => {
    for (const name of ['startAccountCheck', 'cancelAccountCheck'])
      ipcMain.removeHandler(`podkeeper:request:${name}`)
    ipcMain.handle('podkeeper:request:cancelAccountCheck', () => ({ ok: true }))
    ipcMain.handle('podkeeper:request:startAccountCheck', (event, accountId: string) => {
      const view: AccountCheckView = {
        accountId,
        isRunning: true,
        progress: 'Measuring how often figures change: 1 of 3 refreshes, 15 min left at most',
        lines: answers,
      }
      event.sender.send('podkeeper:event:accountCheck', view)
      return { ok: true }
    })
  }, lines)
}
