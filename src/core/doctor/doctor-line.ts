/** The questions of a check, in the order in which they are shown. */
export const doctorCheckIds = [
  'key',
  'pods',
  'actions',
  'balance',
  'billing',
  'catalog',
  'limits',
  'logs',
  'ssh-keys',
  'list-figures',
  'pod-figures',
  'new-fields',
  'missing-fields',
  'quota',
  'clock',
  'key-storage',
  'notifications',
  'data-folder',
  'build',
  'obstacles',
  'cadence',
] as const
export type DoctorCheckId = (typeof doctorCheckIds)[number]

/**
 * `warning`: it works, and something cannot. `problem`: something doesn't work. `not-checked`: nothing is known, and
 * the text says why.
 */
export const doctorVerdicts = ['ok', 'warning', 'problem', 'not-checked'] as const
export type DoctorVerdict = (typeof doctorVerdicts)[number]

/** The answer to one question: what was seen, as a sentence. */
export interface DoctorLine {
  readonly id: DoctorCheckId
  readonly verdict: DoctorVerdict
  readonly text: string
}

/** The worst of them; `ok` where nothing was checked. */
export function worstVerdict(lines: readonly DoctorLine[]): Exclude<DoctorVerdict, 'not-checked'> {
  if (lines.some(({ verdict }) => verdict === 'problem')) return 'problem'
  return lines.some(({ verdict }) => verdict === 'warning') ? 'warning' : 'ok'
}
