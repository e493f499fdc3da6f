import { contextBridge, ipcRenderer } from 'electron'
import {
  type Bridge,
  eventChannel,
  type EventName,
  eventNames,
  type Events,
  LOCALE_ARGUMENT,
  requestChannel,
  type RequestName,
  requestNames,
} from '../shared/ipc'
import { FILE_DROP_CHANNEL } from '../shared/file-drop'
import { watchFileDrops } from './file-drops'

/** Always resolves to a Result, even when the arguments can't be sent over IPC. */
async function request(name: RequestName, args: readonly unknown[]): Promise<unknown> {
  try {
    return await ipcRenderer.invoke(requestChannel(name), ...args)
  } catch {
    return { ok: false, error: { message: `Podkeeper's window could not ask for ${name}.` } }
  }
}

const requests = Object.fromEntries(
  requestNames.map((name) => [name, (...args: unknown[]) => request(name, args)]),
)

function on<K extends EventName>(name: K, listener: (payload: Events[K]) => void): () => void {
  if (!eventNames.includes(name)) return () => {}
  // The event object isn't passed on, because it would expose Electron's own API to the page.
  const forward = (_event: unknown, payload: Events[K]): void => listener(payload)
  ipcRenderer.on(eventChannel(name), forward)
  return () => ipcRenderer.removeListener(eventChannel(name), forward)
}

/** The locale of the system's dates and numbers, which pages can't read themselves. */
const locale =
  process.argv.find((argument) => argument.startsWith(LOCALE_ARGUMENT))?.slice(LOCALE_ARGUMENT.length) ?? ''

// Main says in the window what became of it.
watchFileDrops(document, (drop) => void ipcRenderer.invoke(FILE_DROP_CHANNEL, drop).catch(() => {}))

contextBridge.exposeInMainWorld('app', { ...requests, on, locale } as unknown as Bridge)
