/**
 * Conditions over the fields of records: compared, matched, calculated with; never run as code.
 * @module
 */

export { compileCondition, type Condition, conditionOf } from './condition.js'
