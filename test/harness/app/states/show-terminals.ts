import type { ElectronApplication, Page } from 'playwright-core'
import { newTab } from '../../../../src/core/terminal/panes/tab-layouts'
import type { TerminalView } from '../../../../src/core/terminal/terminal'
import type { SshKeysView } from '../../../../src/core/terminal/ssh-keys'

/** Higher than any revision of the app itself. */
let revision = 1_000_000

/**
 * Makes the app report these terminals from now on, each drawn from `screen` (escape sequences). Nothing connects
 * anywhere.
 */
export async function serveTerminals(
  app: ElectronApplication,
  { screen, keys }: { readonly screen: string; readonly keys: SshKeysView },
): Promise<void> {
  await app.evaluate(
    ({ ipcMain }, given) => {
      let attachment = 0
      const answers: Record<string, (...args: any[]) => unknown> = {
        attachTerminal: (_id: string, size: unknown) => ({
          attachment: (attachment += 1),
          screen: given.screen,
          size,
        }),
        sshKeys: () => given.keys,
        openTerminal: () => 't1',
        createSshKey: () => given.keys.local[0],
        chooseSshKeyFile: () => null,
      }
      const names = [
        'openTerminal closeTerminal retryTerminal renameTerminal moveTerminal showQuestion',
        'forgetHostKey attachTerminal detachTerminal typeInTerminal resizeTerminal ackTerminal',
        'openTerminalLink sshKeys createSshKey registerSshKey chooseSshKeyFile',
      ]
      for (const name of names.join(' ').split(' ')) {
        ipcMain.removeHandler(`podkeeper:request:${name}`)
        ipcMain.handle(`podkeeper:request:${name}`, (_event: unknown, ...args: any[]) => {
          return { ok: true, value: answers[name]?.(...args) }
        })
      }
    },
    { screen, keys },
  )
}

/** Sends `terminals` to `page` as the app would, and returns once they are drawn. */
export async function showTerminals(
  app: ElectronApplication,
  page: Page,
  terminals: readonly TerminalView[],
): Promise<void> {
  // The store's listener was added first, so it has taken the terminals when this one is called.
  await page.evaluate(`void (window.terminalsSeen = new Promise((done) => {
    const end = window.app.on('terminals', () => { end(); done() })
  }))`)
  await send(app, page, 'terminals', {
    revision: (revision += 1),
    terminals,
    tabs: terminals.map(({ id }) => newTab(id)),
  })
  await page.evaluate('window.terminalsSeen')
  await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))')
}

async function send(app: ElectronApplication, page: Page, event: string, payload: unknown): Promise<void> {
  const window = await app.browserWindow(page)
  await window.evaluate(
    (one, [name, value]) =>
      (one as Electron.BrowserWindow).webContents.send(`podkeeper:event:${String(name)}`, value),
    [event, payload] as const,
  )
}
