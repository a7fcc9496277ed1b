/** One field of a layout; what is left out is as `layoutOptions` says. */
export interface LayoutField {
  readonly name?: string | undefined
  readonly type: string
  readonly at?: number | undefined
  readonly length?: number | undefined
  readonly bits?: unknown
  readonly scale?: number | undefined
  readonly offset?: number | undefined
  readonly unit?: string | undefined
  readonly enum?: { readonly [number: string]: string } | undefined
  readonly null_when?: readonly string[] | undefined
  readonly when?: string | undefined
}

export interface LayoutSettings {
  /** Byte order of types that state none; `big` unless given. */
  readonly endian?: 'big' | 'little'
  readonly allow_short?: boolean
  readonly unit_suffix?: boolean
}
