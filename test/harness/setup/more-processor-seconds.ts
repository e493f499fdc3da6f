let seconds = 0

/** Adds processor time in seconds that a test file caused and that its process does not count. */
export function addProcessorSeconds(more: number): void {
  seconds += more
}

/** What was added since the last call. */
export function takeMoreProcessorSeconds(): number {
  const taken = seconds
  seconds = 0
  return taken
}
