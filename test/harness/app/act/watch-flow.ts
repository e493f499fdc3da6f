import type { ElectronApplication } from 'playwright-core'

/** Tracks in main how many bytes are in flight to the window from now on; returns a function for the maximum. */
export async function watchFlow(app: ElectronApplication): Promise<() => Promise<number>> {
  await app.evaluate(({ BrowserWindow, ipcMain }) => {
    type Handler = (event: unknown, attachment: number, bytes: number) => unknown
    const ack = 'podkeeper:request:ackTerminal'
    const flow = { pendingBytes: 0, mostBytes: 0 }
    Object.assign(globalThis, { flow })
    const window = BrowserWindow.getAllWindows().find((one) =>
      one.webContents.getURL().endsWith('/window.html'),
    )
    if (window === undefined) throw new Error('there is no main window')
    const contents = window.webContents
    const send = contents.send.bind(contents)
    contents.send = (channel: string, ...args: { bytes: Uint8Array }[]) => {
      if (channel === 'podkeeper:event:terminalOutput') {
        flow.pendingBytes += args[0]?.bytes.length ?? 0
        flow.mostBytes = Math.max(flow.mostBytes, flow.pendingBytes)
      }
      send(channel, ...args)
    }
    const { _invokeHandlers: handlers } = ipcMain as unknown as { _invokeHandlers: Map<string, Handler> }
    const handler = handlers.get(ack)
    if (handler === undefined) throw new Error('nobody takes acknowledgements')
    ipcMain.removeHandler(ack)
    ipcMain.handle(ack, (event, attachment: number, bytes: number) => {
      flow.pendingBytes -= bytes
      return handler(event, attachment, bytes)
    })
  })
  return () => app.evaluate(() => (globalThis as unknown as { flow: { mostBytes: number } }).flow.mostBytes)
}
