import { networkInterfaces } from 'node:os'

/** Notices that this computer has other addresses than before, such as after joining a network or a VPN. */
export interface NetworkWatch {
  /** Must be called now and then; calls back once after each change. */
  check(): void
}

export function createNetworkWatch(
  onChange: () => void,
  read: typeof networkInterfaces = networkInterfaces,
): NetworkWatch {
  const addresses = (): string =>
    Object.values(read())
      .flatMap((all) => all ?? [])
      .flatMap(({ internal, address }) => (internal ? [] : [address]))
      .sort()
      .join()
  let before = addresses()
  return {
    check() {
      const now = addresses()
      if (now === before) return
      before = now
      onChange()
    },
  }
}
