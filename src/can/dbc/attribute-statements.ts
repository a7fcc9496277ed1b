import type { AttributeDefinition, Draft } from './draft.js'
import {
  acceptMark,
  acceptText,
  acceptWord,
  excerpt,
  takeCount,
  takeName,
  takeNumber,
  takeText,
  takeWord,
} from './expect.js'
import { Fault } from './fault.js'
import type { Scanner } from './scanner.js'

/** `BA_DEF_ [BU_ | BO_ | SG_ | EV_] "name" ENUM "choice", "choice";`, or another type, of which no more is needed. */
export function readDefinition(scanner: Scanner, draft: Draft): void {
  if (scanner.kind === 'word') scanner.next()
  const place = scanner.start
  const definition = definitionOf(draft, takeText(scanner, 'the name of an attribute'), place)
  takeWord(scanner, 'a type of attribute')
  const choices: string[] = []
  for (;;) {
    const choice = acceptText(scanner)
    if (choice === undefined && acceptWord(scanner) === undefined && !acceptMark(scanner, ',')) break
    if (choice === undefined) continue
    draft.spend(1, place)
    choices.push(choice)
  }
  definition.choices = choices
}

/** `BA_DEF_DEF_ "name" value;` */
export function readInitial(scanner: Scanner, draft: Draft): void {
  const place = scanner.start
  const name = takeText(scanner, 'the name of an attribute')
  definitionOf(draft, name, place).initial = readAttributeValue(scanner)
}

function definitionOf(draft: Draft, name: string, place: Scanner['start']): AttributeDefinition {
  const known = draft.definitions.get(name)
  if (known) return known
  draft.spend(1, place)
  const definition: AttributeDefinition = { choices: [], initial: undefined }
  draft.definitions.set(name, definition)
  return definition
}

type Owner = Map<string, number | string>

/** `BA_ "name" [BU_ node | BO_ number | SG_ number signal | EV_ variable] value;` */
export function readAttribute(scanner: Scanner, draft: Draft): void {
  const place = scanner.start
  const name = takeText(scanner, 'the name of an attribute')
  const ownersOf = readOwners(scanner, draft)
  const value = readAttributeValue(scanner)
  for (const owner of ownersOf()) {
    draft.spend(1, place)
    owner.set(name, value)
  }
}

/** Finds the attributes that are set, none where nobody reads them, once the statement was read to its end. */
function readOwners(scanner: Scanner, draft: Draft): () => readonly Owner[] {
  const place = scanner.start
  const kind = scanner.kind === 'word' ? scanner.text : ''
  if (!['BO_', 'SG_', 'BU_', 'EV_'].includes(kind)) return () => [draft.attributes]
  scanner.next()
  if (kind === 'BU_' || kind === 'EV_') {
    takeWord(scanner, 'a name')
    return () => []
  }
  const number = takeCount(scanner, 'the number of a message')
  if (kind === 'BO_') return () => attributesOf([draft.messageOf(number, place)])
  const signal = takeName(scanner, 'the name of a signal')
  return () => attributesOf(draft.signalsOf(number, signal, place))
}

function attributesOf(owners: readonly ({ readonly attributes: Owner } | undefined)[]): readonly Owner[] {
  return owners.flatMap((owner) => (owner ? [owner.attributes] : []))
}

function readAttributeValue(scanner: Scanner): number | string {
  const text = acceptText(scanner)
  if (text !== undefined) return text
  const place = scanner.start
  if (/^0x/i.test(scanner.text)) return takeCount(scanner, 'a value')
  if (scanner.kind !== 'word') throw new Fault(place, `expected a value, got ${excerpt(scanner.text)}`)
  return takeNumber(scanner, 'a value')
}
