import { testDetection } from '../harness/detected-faults'

testDetection([
  ['may lose its data', 1_000_056],
  ['telemetry cancels a planned stop', 1_000_001],
])
