import { contextBridge, ipcRenderer } from 'electron'
import type { Bridge, EventName, Events } from '../shared/ipc'
import { eventChannel, eventNames, requestChannel, requestNames } from '../shared/ipc'

const requests = Object.fromEntries(
  requestNames.map((name) => [
    name,
    (...args: unknown[]) => ipcRenderer.invoke(requestChannel(name), ...args),
  ]),
)

function on<K extends EventName>(name: K, listener: (payload: Events[K]) => void): () => void {
  if (!eventNames.includes(name)) return () => {}
  // The event object itself stays here: it would hand Electron's own doors to the page.
  const forward = (_event: unknown, payload: Events[K]): void => listener(payload)
  ipcRenderer.on(eventChannel(name), forward)
  return () => ipcRenderer.removeListener(eventChannel(name), forward)
}

contextBridge.exposeInMainWorld('app', { ...requests, on } as unknown as Bridge)
