import type { DoctorLine } from '../../core/doctor/doctor-line'

export const accountCheckDialogText = {
  title: (account: string) => `Check ${account}`,
  couldNotCheck: 'Couldn’t check the account',
  checking: 'Checking…',
  list: 'Results',
  stop: 'Stop measuring',
  again: 'Check again',
  /** What was found, once the check is over. */
  summary(lines: readonly DoctorLine[]): string {
    const count = (verdict: DoctorLine['verdict']): number =>
      lines.filter((line) => line.verdict === verdict).length
    const [problems, warnings] = [count('problem'), count('warning')]
    const found = [
      ...(problems === 0 ? [] : [problems === 1 ? '1 problem' : `${problems} problems`]),
      ...(warnings === 0 ? [] : [warnings === 1 ? '1 warning' : `${warnings} warnings`]),
    ]
    return found.length === 0 ? 'No problems found' : found.join(', ')
  },
} as const
