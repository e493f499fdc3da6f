import { contextBridge, ipcRenderer } from 'electron'
import {
  type ConfirmationBridge,
  confirmationChannel,
  type ConfirmationRequestName,
} from '../shared/confirmation'

/** Always resolves to a Result, even when the arguments can't be sent over IPC. */
async function request(name: ConfirmationRequestName, args: readonly unknown[]): Promise<unknown> {
  try {
    return await ipcRenderer.invoke(confirmationChannel(name), ...args)
  } catch {
    return { ok: false, error: { message: `Podkeeper's window could not ask for ${name}.` } }
  }
}

const bridge: { readonly [K in ConfirmationRequestName]: (...args: unknown[]) => Promise<unknown> } = {
  confirmation: (...args) => request('confirmation', args),
  answerConfirmation: (...args) => request('answerConfirmation', args),
}

contextBridge.exposeInMainWorld('confirmation', bridge as ConfirmationBridge)
