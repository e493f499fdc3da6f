import { linkQuestion } from '../../core/confirmation/terminal-questions'
import { fail, ok, type Result } from '../../core/base/result'
import { parseTerminalUrl } from '../hardening/external-url'
import { type Ask, askWhether } from '../../core/confirmation/question-queue'
import type { TerminalSession } from './terminal-session-types'
import { terminalsText } from './terminals-text'

/** The part of a terminal that decides which addresses may be opened. */
type LinkedTerminal = Pick<TerminalSession, 'view' | 'doesShow'>

export interface TerminalLinks {
  /** Opens an address that the terminal shows. If the user refuses, nothing happens. Errors are sentences. */
  open(terminal: LinkedTerminal, address: string): Promise<Result<void, string>>
}

/**
 * Opens links of terminals. A page could put what it knows into an address, so main checks that a pod wrote it, and
 * asks once for each host in its own window.
 */
export function createTerminalLinks(
  ask: Ask,
  openInBrowser: (address: string) => Promise<void>,
): TerminalLinks {
  const allowedHosts = new Set<string>()
  return {
    async open(terminal, address) {
      const url = parseTerminalUrl(address)
      if (!url.ok) return url
      if (!(await terminal.doesShow(address))) return fail(terminalsText.linkGone)
      const { host } = new URL(url.value)
      if (!allowedHosts.has(host)) {
        const { podName } = terminal.view()
        const asked = await askWhether(ask, linkQuestion(podName, host, url.value))
        if (!asked.ok) return asked
        if (!asked.value) return ok(undefined)
        allowedHosts.add(host)
      }
      await openInBrowser(url.value)
      return ok(undefined)
    },
  }
}
