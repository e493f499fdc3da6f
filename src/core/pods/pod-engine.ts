/** Programs that create and remove pods of an account for their own jobs. */
export type PodEngine = keyof typeof engineNames

/** For display. */
export const engineNames = { skypilot: 'SkyPilot', dstack: 'dstack' } as const

/**
 * The engine that made a pod, by the name that it gives to its pods: SkyPilot's end with a user's hash and the role in
 * its cluster, dstack's begin with its own and end with a random word. Null: none did.
 */
export function engineOf(podName: string): PodEngine | null {
  if (/-[0-9a-f]{8}-(head|worker)$/.test(podName)) return 'skypilot'
  return /^dstack-.+-[a-z0-9]{8}$/.test(podName) ? 'dstack' : null
}

/** "SkyPilot made this pod and may start it, or another one, again." */
export const engineText = (engine: PodEngine): string => {
  const name = engineNames[engine]
  return `${name === 'dstack' ? 'The engine dstack' : name} made this pod, and may start it or another one again.`
}
