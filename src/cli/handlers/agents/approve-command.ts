import { openControl, refusalExit } from '../../account/open-control'
import { promptLine } from '../../commands/confirm-by-name'
import { CliExit, exitCodes } from '../../output/exit'
import type { Commands } from '../../program/command-types'
import type { CliContext } from '../context/cli-context'
import { approveText } from '../context/cli-text'

/** The command by which a person answers what agents ask for. */
export function createApproveCommand(context: CliContext): Pick<Commands, 'approve'> {
  return {
    async approve(options) {
      const { output, keyboard } = context.runOf(options)
      const config = context.readFolderConfig(options)
      const control = await openControl(context.controlOptions(options, config, true), null)
      try {
        const open = await control.requests.approvals()
        if (!open.ok) throw refusalExit(open.error, true)
        if (open.value.length === 0) output.progress(approveText.none)
        for (const { id, title, lines, script } of open.value) {
          output.progress(title)
          for (const line of [...lines, ...(script?.split('\n') ?? [])]) output.progress(`  ${line}`)
          if (keyboard === null) continue
          const typed = await promptLine(keyboard, approveText.question)
          const isAgreed = typed.trim().toLowerCase() === 'yes'
          const answered = await control.requests.answerApproval(id, isAgreed)
          if (!answered.ok) throw refusalExit(answered.error, true)
          output.progress(isAgreed ? approveText.agreed : approveText.declined)
        }
        if (open.value.length > 0 && keyboard === null)
          throw new CliExit(exitCodes.usage, approveText.needsTerminal)
        return exitCodes.ok
      } finally {
        control.close()
      }
    },
  }
}
