import { contextBridge, ipcRenderer } from 'electron'
import {
  type Bridge,
  eventChannel,
  type EventName,
  eventNames,
  type Events,
  requestChannel,
  type RequestName,
  requestNames,
} from '../shared/ipc'

/** Answers with a Result even to what cannot be sent at all. */
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
  // The event object itself stays here: it would hand Electron's own doors to the page.
  const forward = (_event: unknown, payload: Events[K]): void => listener(payload)
  ipcRenderer.on(eventChannel(name), forward)
  return () => ipcRenderer.removeListener(eventChannel(name), forward)
}

contextBridge.exposeInMainWorld('app', { ...requests, on } as unknown as Bridge)
