import type { Profiler } from 'node:inspector'

/** Where a function comes from. */
export interface Origin {
  /** "src/core/money", "node_modules/react-dom", "(garbage collector)". */
  readonly owner: string
  /** "toPodView (src/core/view/pod-view.ts:63)". */
  readonly name: string
}

const SHOWN_OWNERS = 20
const SHOWN_FUNCTIONS = 25
const WAITING = ['(idle)', '(root)']

/** A table of a profile: time of the processor by owner and by function, without time spent waiting. */
export function formatProfile(
  profile: Profiler.Profile,
  originOf: (frame: Profiler.ProfileNode['callFrame']) => Origin,
): string {
  const selfMs = selfMsById(profile)
  // A function that was compiled into its caller has no address, but still the script's id.
  const urls = new Map(profile.nodes.map(({ callFrame: { scriptId, url } }) => [scriptId, url]))
  for (const { callFrame } of profile.nodes)
    if (callFrame.url !== '') urls.set(callFrame.scriptId, callFrame.url)
  const owners = new Map<string, number>()
  const functions = new Map<string, number>()
  for (const { id, callFrame } of profile.nodes) {
    if (WAITING.includes(callFrame.functionName)) continue
    const { owner, name } = originOf({ ...callFrame, url: urls.get(callFrame.scriptId) ?? '' })
    const ms = selfMs.get(id) ?? 0
    owners.set(owner, (owners.get(owner) ?? 0) + ms)
    functions.set(name, (functions.get(name) ?? 0) + ms)
  }
  const totalMs = [...owners.values()].reduce((sum, ms) => sum + ms, 0)
  const rows = (figures: ReadonlyMap<string, number>, shown: number): string =>
    [...figures]
      .sort(([, a], [, b]) => b - a)
      .slice(0, shown)
      .map(([name, ms]) => `${ms.toFixed(1).padStart(9)} ms ${percent(ms, totalMs)}  ${name}`)
      .join('\n')
  return `${totalMs.toFixed(0)} ms in all\n${rows(owners, SHOWN_OWNERS)}\n\n${rows(functions, SHOWN_FUNCTIONS)}\n`
}

const percent = (part: number, whole: number): string =>
  `${(whole === 0 ? 0 : (part / whole) * 100).toFixed(1).padStart(5)}%`

function selfMsById({ samples = [], timeDeltas = [] }: Profiler.Profile): ReadonlyMap<number, number> {
  const ms = new Map<number, number>()
  samples.forEach((id, at) => {
    // The time up to the next sample.
    const us = Math.max(0, timeDeltas[at + 1] ?? 0)
    ms.set(id, (ms.get(id) ?? 0) + us / 1_000)
  })
  return ms
}
