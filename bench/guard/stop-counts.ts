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
  readonly rehearsals: number
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
  rehearsals: 0,
}
