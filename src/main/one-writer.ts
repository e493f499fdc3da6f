import type { Notifier } from '../core/ports'
import type { Role, Writer } from '../node/writer'
import { createWriter, damagedWords, holderWords } from '../node/writer'
import type { Session } from './session'

export interface OneWriterOptions {
  readonly dataFolder: string
  readonly journalPath: string
  readonly nowMs: () => number
  /** Known by the time a role is. */
  readonly session: () => Session
  readonly report: (what: string) => void
}

/**
 * The app's half of one writer per data folder: while a command line watches, the app shows everything, announces
 * nothing and refuses actions in words; when that one ends the app takes over. See docs/decisions/0010.
 */
export interface OneWriter extends Pick<Writer, 'journal' | 'dispose'> {
  /** Connects the stored account once it is known who acts. */
  start(): Promise<void>
  /** `notifier`, silent while another process announces. The demo has its own pods, which nobody else announces. */
  quietly(notifier: Notifier): Notifier
}

export function createOneWriter(options: OneWriterOptions): OneWriter {
  const { dataFolder, journalPath, nowMs, session, report } = options
  const writer = createWriter({
    dataFolder,
    journalPath,
    program: 'app',
    // Electron lets no second app run on this folder, and no command acts without the lock.
    actsUnlocked: true,
    nowMs,
    onRole: (role) => void takeRole(role),
  })

  async function takeRole(role: Role): Promise<void> {
    tell(role)
    if (role.kind === 'acting') await session().watchAgain()
  }

  function tell(role: Role): void {
    if (role.kind === 'unlocked') report(role.problem)
    if (role.kind === 'reading')
      session().tell(
        `${capitalised(holderWords(role.holder))} alerts and acts for this folder. Until it ends, Podkeeper only shows.`,
      )
    const { damagedCopy } = writer.journal
    if (damagedCopy !== null) session().tell(damagedWords(damagedCopy))
  }

  return {
    journal: writer.journal,
    dispose: () => writer.dispose(),
    async start() {
      tell(await writer.start())
      await session().restore()
    },
    quietly: (notifier) => ({
      show(alert) {
        const isDemo = session().snapshot().account?.isDemo ?? false
        if (isDemo || writer.role().kind !== 'reading') notifier.show(alert)
      },
    }),
  }
}

const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)
