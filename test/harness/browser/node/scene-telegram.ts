import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { startTelegram } from '../../phone/telegram-server'

/** The Bot API for a scene, which ends it. */
export async function startSceneTelegram() {
  let server: Server | null = null
  const telegram = await startTelegram(async (created) => {
    server = created
    await new Promise<void>((resolve) => created.listen(0, '127.0.0.1', resolve))
    return (created.address() as AddressInfo).port
  })
  return {
    origin: telegram.origin,
    write: telegram.write,
    close(): void {
      server?.close()
      server?.closeAllConnections()
    },
  }
}
