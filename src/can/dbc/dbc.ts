/** What a DBC file says, as plain data: only what was readable, names as users know them (the long ones). */
export interface Dbc {
  /** Where it came from, for texts. */
  readonly file: string
  readonly version: string
  readonly comment: string
  readonly nodes: readonly string[]
  /** One for each identifier: the last, where a file says it twice. In the order of the file. */
  readonly messages: readonly DbcMessage[]
  /** Attributes of the whole network. */
  readonly attributes: DbcAttributes
  /** What could not be read, in the order of the file; after `mostProblems` they are only counted. */
  readonly problems: readonly DbcProblem[]
  readonly problemCount: number
}

/** A place that could not be read or can't be true; the rest of the file is there all the same. */
export interface DbcProblem {
  /** From 1. */
  readonly line: number
  /** From 1, in characters. */
  readonly column: number
  readonly text: string
}

export type DbcAttributes = ReadonlyMap<string, number | string>

export interface DbcMessage {
  /** 11 bits, or 29 where `extended`; without flags. */
  readonly id: number
  readonly extended: boolean
  readonly name: string
  /** Bytes that its sender is said to send: frames may have fewer, or more. */
  readonly length: number
  readonly senders: readonly string[]
  readonly comment: string
  readonly fd: boolean
  /**
   * Whether it is identified by its parameter group number, whoever sends it and however urgent it is (SAE J1939-21, 5.2);
   * `likely` where no more than the initial value of an attribute says so.
   */
  readonly j1939: 'yes' | 'likely' | 'no'
  /** `GenMsgCycleTime`; undefined where it is not sent in a cycle. */
  readonly cycleMs: number | undefined
  readonly attributes: DbcAttributes
  readonly signals: readonly DbcSignal[]
  /** Line of the file. */
  readonly line: number
}

/** `float` and `double` are IEEE 754, of 32 and 64 bits. */
export type SignalType = 'unsigned' | 'signed' | 'float' | 'double'

export interface DbcSignal {
  readonly name: string
  /** As the file counts: the least significant bit of a little-endian signal, the most significant of a big-endian one. */
  readonly start: number
  /** Bits. */
  readonly length: number
  readonly bigEndian: boolean
  readonly type: SignalType
  /** Value = raw × factor + offset. */
  readonly factor: number
  readonly offset: number
  /** Both as they stand in the file, where one has more digits than a double holds. */
  readonly decimals: { readonly factor: string; readonly offset: string } | undefined
  /** Of the value; undefined where the file has no number. Files that have none to say mostly write 0 for both. */
  readonly minimum: number | undefined
  readonly maximum: number | undefined
  readonly unit: string
  readonly receivers: readonly string[]
  readonly comment: string
  /** Texts of raw values; raw values beyond 2^53 are bigints. */
  readonly labels: ReadonlyMap<number | bigint, string>
  /** Other signals are there only for some of its values. */
  readonly selects: boolean
  /** The signal of the same message, and its raw values, for which this one is there; undefined for one that always is. */
  readonly selector: SignalSelector | undefined
  /** `GenSigStartValue`, a raw value. */
  readonly startValue: number | undefined
  readonly attributes: DbcAttributes
  readonly line: number
}

export interface SignalSelector {
  readonly signal: string
  /** Least and greatest of each range. */
  readonly ranges: readonly (readonly [number, number])[]
}
