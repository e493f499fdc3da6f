/** What there was to be judged of automatic stops. `…Due`: those of them that had to come. */
export interface StopCounts {
  readonly automaticStops: number
  /** For quiet. */
  readonly automaticStopsDue: number
  /** For nothing else. */
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
