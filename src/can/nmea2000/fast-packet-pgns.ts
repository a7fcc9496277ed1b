/**
 * Groups of NMEA 2000 that go as fast packets although their range holds single frames too, first and last of each run. They are
 * facts of the standard's appendix B as the marine community has them; what is missing here a DBC tells by messages of more than eight bytes.
 */
const runs: readonly (readonly [first: number, last: number])[] = [
  [126_208, 126_208],
  [126_464, 126_464],
  [126_720, 126_720],
  [126_983, 126_988],
  [126_996, 126_996],
  [126_998, 126_998],
  [127_233, 127_233],
  [127_237, 127_237],
  [127_489, 127_491],
  [127_494, 127_498],
  [127_503, 127_504],
  [127_506, 127_507],
  [127_509, 127_514],
  [128_275, 128_275],
  [128_520, 128_520],
  [128_538, 128_538],
  [129_029, 129_029],
  [129_038, 129_041],
  [129_044, 129_045],
  [129_284, 129_285],
  [129_301, 129_302],
  [129_538, 129_538],
  [129_540, 129_542],
  [129_545, 129_545],
  [129_547, 129_547],
  [129_549, 129_549],
  [129_551, 129_551],
  [129_556, 129_556],
  [129_792, 129_816],
  [130_052, 130_054],
  [130_060, 130_061],
  [130_064, 130_074],
  [130_320, 130_324],
  [130_330, 130_330],
  [130_561, 130_575],
  [130_577, 130_578],
  [130_580, 130_581],
  [130_583, 130_584],
  [130_586, 130_586],
]

const declared: ReadonlySet<number> = new Set(runs.flatMap(([first, last]) => numbersFrom(first, last)))

/** Proprietary fast packets to all: the whole of this range. */
const firstProprietary = 130_816
const lastProprietary = 131_071

/** Whether messages of this group go as fast packets. */
export function isFastPacket(pgn: number): boolean {
  return (pgn >= firstProprietary && pgn <= lastProprietary) || declared.has(pgn)
}

function numbersFrom(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_each, index) => first + index)
}
