/** A process as a probe shows it; counters that are left out are 0. */
export interface FakeProcess {
  readonly pid: number
  readonly parentPid?: number
  readonly name: string
  readonly ticks?: number
  readonly childTicks?: number
  readonly start?: number
  /** By calls; null: not readable. */
  readonly bytes?: number | null
  readonly diskBytes?: number
  /** Only for a process whose bytes are not readable. */
  readonly ranNs?: number | null
}

export const init: FakeProcess = { pid: 1, parentPid: 0, name: 'start.sh' }
export const sshd: FakeProcess = { pid: 50, parentPid: 1, name: 'sshd' }
/** The probe and its parent. */
export const probe: readonly FakeProcess[] = [sshd, { pid: 60, parentPid: 50, name: 'sh' }]
const OWN_PID = 60

/** What a probe prints about one moment. `network`: bytes received and sent, by interface. */
export function reading(
  number: number,
  uptimeS: number,
  processes: readonly FakeProcess[],
  network: Readonly<Record<string, readonly [number, number]>> = { lo: [0, 0], eth0: [500, 600] },
  ownPid = OWN_PID,
): string {
  return [
    `B ${number}`,
    `T ${uptimeS.toFixed(2)}`,
    `M ${ownPid}`,
    ...processes.flatMap(processLines),
    ...Object.entries(network).map(([name, [received, sent]]) => `N ${name} ${received} ${sent}`),
    `E ${processes.length}\n`,
  ].join('\n')
}

/** A minute of a pod with these processes besides those that every pod has. */
export const probeOutput = (before: readonly FakeProcess[], after: readonly FakeProcess[]): string =>
  reading(1, 100, [init, ...probe, ...before]) + reading(2, 160, [init, ...probe, ...after])

function processLines(process: FakeProcess): readonly string[] {
  const { pid, parentPid = 1, name, ticks = 0, childTicks = 0, start = 7 } = process
  const { bytes = 0, diskBytes = 0, ranNs = null } = process
  const io = bytes === null ? '- - - -' : `${bytes} 0 ${diskBytes} 0`
  return [
    ...(ranNs === null ? [] : [`S ${pid} ${ranNs}`]),
    `P ${pid} ${parentPid} ${ticks} 0 ${childTicks} 0 ${start} ${io} ${name}`,
  ]
}
