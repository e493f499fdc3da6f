import type { ElectronApplication, Page } from 'playwright-core'
import type { SshKeysView, TerminalView } from '../../../src/core/terminal'

/** Above every revision that an app counts to by itself. */
let revision = 1_000_000
let attachments = 1_000_000

/** What the page asked of its terminals, in order. */
export interface AskedOfTerminals {
  readonly name: string
  readonly args: readonly unknown[]
}

/**
 * From now on the app answers for terminals as if it had some: each is drawn with `screen`, which are escape sequences,
 * and everything that is asked is noted. Nothing connects anywhere.
 */
export async function answerTerminals(
  app: ElectronApplication,
  { screen, keys }: { readonly screen: string; readonly keys: SshKeysView },
): Promise<void> {
  await app.evaluate(
    ({ ipcMain }, given) => {
      const asked: { name: string; args: unknown[] }[] = []
      let attachment = given.first
      Object.assign(globalThis, { askedOfTerminals: asked })
      const answers: Record<string, (...args: any[]) => unknown> = {
        attachTerminal: (_id: string, size: unknown) => ({
          attachment: (attachment += 1),
          screen: given.screen,
          size,
        }),
        sshKeys: () => given.keys,
        openTerminal: () => 't1',
        makeSshKey: () => given.keys.local[0],
        chooseSshKeyFile: () => null,
      }
      const names = [
        'openTerminal closeTerminal retryTerminal renameTerminal moveTerminal answerHostKey showPassphraseQuestion',
        'forgetHostKey attachTerminal detachTerminal typeInTerminal resizeTerminal ackTerminal copyFromTerminal',
        'openTerminalLink sshKeys makeSshKey registerSshKey chooseSshKeyFile',
      ]
      for (const name of names.join(' ').split(' ')) {
        ipcMain.removeHandler(`podkeeper:request:${name}`)
        ipcMain.handle(`podkeeper:request:${name}`, (_event: unknown, ...args: any[]) => {
          asked.push({ name, args })
          return { ok: true, value: answers[name]?.(...args) }
        })
      }
    },
    { screen, keys, first: (attachments += 1_000) },
  )
}

export async function showTerminals(
  app: ElectronApplication,
  page: Page,
  terminals: readonly TerminalView[],
): Promise<void> {
  await send(app, page, 'terminals', { revision: (revision += 1), terminals })
  await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))')
}

/** Bytes of the pod, for the attachment that holds. */
export async function sendOutput(
  app: ElectronApplication,
  page: Page,
  terminalId: string,
  text: string,
): Promise<void> {
  const window = await app.browserWindow(page)
  const attachment = await lastAttachment(app)
  await window.evaluate(
    (one, payload) =>
      (one as Electron.BrowserWindow).webContents.send('podkeeper:event:terminalOutput', {
        terminalId: payload.terminalId,
        attachment: payload.attachment,
        bytes: new TextEncoder().encode(payload.text),
      }),
    { terminalId, attachment, text },
  )
}

/** How often a terminal was attached, and by that its number. */
async function lastAttachment(app: ElectronApplication): Promise<number> {
  const count = (await asked(app, 'attachTerminal')).length
  return attachments + count
}

/** What was asked, of this name. */
export async function asked(app: ElectronApplication, name: string): Promise<readonly AskedOfTerminals[]> {
  const all = await app.evaluate(
    () =>
      (globalThis as unknown as { askedOfTerminals: { name: string; args: unknown[] }[] }).askedOfTerminals,
  )
  return all.filter((one) => one.name === name)
}

async function send(app: ElectronApplication, page: Page, event: string, payload: unknown): Promise<void> {
  const window = await app.browserWindow(page)
  await window.evaluate(
    (one, [name, value]) =>
      (one as Electron.BrowserWindow).webContents.send(`podkeeper:event:${String(name)}`, value),
    [event, payload] as const,
  )
}
