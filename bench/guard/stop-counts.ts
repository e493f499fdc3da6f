/** Counts of automatic stops that were checked. `…Due`: those that were required. */
export interface StopCounts {
  readonly automaticStops: number
  /** Stops because the pod was quiet. */
  readonly automaticStopsDue: number
  /** Stops for no other reason. */
  readonly stopsAtBudget: number
  readonly stopsAtBudgetDue: number
  readonly stopsAtMaxHours: number
  readonly stopsAtMaxHoursDue: number
  readonly terminated: number
  readonly stopsInQuietHours: number
  readonly dryRuns: number
  /** Stops that a look from inside decided. */
  readonly stopsAfterLook: number
  /** Attempts that the API refused or left open. */
  readonly failedStops: number
}

export const noStops: StopCounts = {
  automaticStops: 0,
  automaticStopsDue: 0,
  stopsAtBudget: 0,
  stopsAtBudgetDue: 0,
  stopsAtMaxHours: 0,
  stopsAtMaxHoursDue: 0,
  terminated: 0,
  stopsInQuietHours: 0,
  dryRuns: 0,
  stopsAfterLook: 0,
  failedStops: 0,
}

/** How reliably required stops of undisturbed quiet pods came. */
export interface LivenessFigures {
  /** Stops that pod and warnings required at some list. */
  readonly due: number
  readonly made: number
  /** Those of them that the API refused or left open. */
  readonly refused: number
  /** The latest one: lists with figures between the one that required it and the stop. */
  readonly latestPolls: number
  /** The longest time from the rule's time to the stop, as a share of the rule's time. */
  readonly latestShare: number
  /** The longest time from the first quiet sample to the stop beyond the rule's time, as a share of that. */
  readonly latestShareSinceQuiet: number
  /** Warnings that were shown before these stops. */
  readonly warnings: number
}

export const noLiveness: LivenessFigures = {
  due: 0,
  made: 0,
  refused: 0,
  latestPolls: 0,
  latestShare: 0,
  latestShareSinceQuiet: 0,
  warnings: 0,
}

export function addLiveness(one: LivenessFigures, other: LivenessFigures): LivenessFigures {
  return {
    due: one.due + other.due,
    made: one.made + other.made,
    refused: one.refused + other.refused,
    latestPolls: Math.max(one.latestPolls, other.latestPolls),
    latestShare: Math.max(one.latestShare, other.latestShare),
    latestShareSinceQuiet: Math.max(one.latestShareSinceQuiet, other.latestShareSinceQuiet),
    warnings: one.warnings + other.warnings,
  }
}
