import type { AttributeDefinition, Draft } from './draft.js'
import { acceptMark, acceptText, acceptWord, excerpt, takeCount, takeNumber, takeText, takeWord } from './expect.js'
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

/** `BA_ "name" [BU_ node | BO_ number | SG_ number signal | EV_ variable] value;` */
export function readAttribute(scanner: Scanner, draft: Draft): void {
  const place = scanner.start
  const name = takeText(scanner, 'the name of an attribute')
  const owners = readOwners(scanner, draft)
  const value = readAttributeValue(scanner)
  for (const owner of owners) {
    draft.spend(1, place)
    owner.set(name, value)
  }
}

/** The attributes that are set; none where nobody reads them. */
function readOwners(scanner: Scanner, draft: Draft): readonly Map<string, number | string>[] {
  const place = scanner.start
  switch (scanner.kind === 'word' ? scanner.text : '') {
    case 'BO_': {
      scanner.next()
      const message = draft.messageOf(takeCount(scanner, 'the number of a message'), place)
      return message ? [message.attributes] : []
    }
    case 'SG_': {
      scanner.next()
      const number = takeCount(scanner, 'the number of a message')
      const signals = draft.signalsOf(number, takeWord(scanner, 'the name of a signal'), place)
      return signals.map(({ attributes }) => attributes)
    }
    case 'BU_':
    case 'EV_':
      scanner.next()
      takeWord(scanner, 'a name')
      return []
    default:
      return [draft.attributes]
  }
}

function readAttributeValue(scanner: Scanner): number | string {
  const text = acceptText(scanner)
  if (text !== undefined) return text
  const place = scanner.start
  if (/^0x/i.test(scanner.text)) return takeCount(scanner, 'a value')
  if (scanner.kind !== 'word') throw new Fault(place, `expected a value, got ${excerpt(scanner.text)}`)
  return takeNumber(scanner, 'a value')
}
