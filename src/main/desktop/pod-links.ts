import { app } from 'electron'
import { findPodLink, LINK_SCHEME, parsePodLink } from '../../core/pods/pod-link'
import type { PodKey } from '../../core/pods/pod'
import type { Snapshot } from '../../core/view/snapshot'
import { desktopText } from './desktop-text'

export interface PodLinksOptions {
  readonly snapshot: () => Snapshot
  /** Calls back after changes; returns what unsubscribes. */
  readonly subscribe: (listener: () => void) => () => void
  readonly showPod: (podKey: PodKey) => void
  /** Says why a link opens nothing, as a sentence. */
  readonly refuse: (text: string) => void
  /** Calls back once after this time, ms. */
  readonly waitMs: (ms: number, done: () => void) => void
}

export interface PodLinks {
  /** Opens the link among the arguments of a program; false: there is none. */
  open(args: readonly string[]): boolean
}

/** For pods that are listed for the first time after a start. */
const PATIENCE_MS = 30_000

/**
 * Opens links to pods: `podkeeper://pod/ACCOUNT/ID`. Whoever wrote a link, it only ever shows a pod that is known
 * already. See docs/product-rules.md#103-links.
 */
export function createPodLinks(options: PodLinksOptions): PodLinks {
  const { snapshot, showPod, refuse } = options
  const isListed = (podKey: PodKey): boolean => snapshot().pods.some(({ key }) => key === podKey)
  /** Whether a pod that is not listed may still appear, which one of a paused account does not. */
  const isStarting = (): boolean => {
    const { accounts } = snapshot()
    return (
      accounts.length === 0 ||
      accounts.some(({ entry, listedAtMs }) => listedAtMs === null && !entry.isPaused)
    )
  }

  function openSoon(podKey: PodKey): void {
    let isOpen = true
    const end = (): void => {
      isOpen = false
      unsubscribe()
    }
    const unsubscribe = options.subscribe(() => {
      if (!isOpen || (!isListed(podKey) && isStarting())) return
      end()
      openNow(podKey)
    })
    options.waitMs(PATIENCE_MS, () => {
      if (!isOpen) return
      end()
      openNow(podKey)
    })
  }

  function openNow(podKey: PodKey): void {
    if (isListed(podKey)) showPod(podKey)
    else refuse(desktopText.podUnknown)
  }

  return {
    open(args) {
      const link = findPodLink(args)
      if (link === null) return false
      const podKey = parsePodLink(link)
      if (podKey === null) refuse(desktopText.linkUnreadable)
      else if (!isListed(podKey) && isStarting()) openSoon(podKey)
      else openNow(podKey)
      return true
    },
  }
}

/**
 * Has the system open such links with this program, where it is installed as a package. What follows the two dashes is
 * no switch, whatever a page wrote into its link. On Linux a desktop file does that: resources/linux/podkeeper.desktop.
 */
export function registerLinks(): void {
  if (app.isPackaged && process.platform !== 'linux')
    app.setAsDefaultProtocolClient(LINK_SCHEME, process.execPath, ['--'])
}
