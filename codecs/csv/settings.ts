import type { JsonDateFormat } from 'sluice/plugin'

export interface CsvSettings {
  readonly columns: readonly string[] | undefined
  readonly delimiter: string
  readonly dateKey: string | undefined
  readonly dateFormat: JsonDateFormat
}
