/** What one seed led to: the rules that were broken, and counts of what happened. */
type Story<Count extends string> = { readonly violations: readonly string[] } & Readonly<
  Record<Count, number>
>

const MAX_PRINTED = 20

/** Runs stories by seed, prints the seeds that broke a rule, and adds up the given counts. */
export async function runStories<Count extends string>(
  count: number,
  run: (seed: number) => Promise<Story<Count>>,
  counts: readonly Count[],
): Promise<{ readonly brokenCount: number; readonly sums: Readonly<Record<Count, number>> }> {
  const sums = Object.fromEntries(counts.map((name) => [name, 0])) as Record<Count, number>
  let brokenCount = 0
  for (let seed = 0; seed < count; seed += 1) {
    const story = await run(seed)
    for (const name of counts) sums[name] += story[name]
    if (story.violations.length === 0) continue
    brokenCount += 1
    if (brokenCount <= MAX_PRINTED) console.error(`seed ${seed}: ${story.violations.slice(0, 3).join('; ')}`)
  }
  return { brokenCount, sums }
}
