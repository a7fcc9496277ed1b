// Every error code of the source, where it is thrown and what its message says.
import { readFileSync } from 'node:fs'
import ts from 'typescript'
import { filesBelow } from '../glob.mjs'
import { table } from './page.mjs'

const rooms = ['src', 'inputs', 'filters', 'outputs', 'codecs', 'stages']
const codePattern = /^(?!ERR_)[A-Z][A-Z0-9]*(_[A-Z0-9]+)+$/

/** Code → `{ files, messages }`, sorted by code. A code is a text ROOM_WHAT that a call or `new` is given. */
export function errorCodes() {
  const found = new Map()
  for (const path of rooms.flatMap((room) => filesBelow(room, '.ts'))) {
    const source = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest, true)
    for (const { code, message } of codesIn(source)) {
      const entry = found.get(code) ?? { files: new Set(), messages: new Set() }
      entry.files.add(path)
      if (message !== '') entry.messages.add(message)
      found.set(code, entry)
    }
  }
  return new Map([...found].toSorted(([a], [b]) => (a < b ? -1 : 1)))
}

function* codesIn(node) {
  if (ts.isNewExpression(node) || ts.isCallExpression(node)) yield* codesGiven(node.arguments ?? [])
  for (const child of node.getChildren()) yield* codesIn(child)
}

/** A code, or a choice between codes; its message is the argument behind it. */
function* codesGiven(given) {
  for (const [index, argument] of given.entries()) {
    for (const literal of literalsOf(argument)) {
      if (codePattern.test(literal.text)) yield { code: literal.text, message: messageText(given[index + 1]) }
    }
  }
}

function literalsOf(node) {
  if (ts.isStringLiteral(node)) return [node]
  return ts.isConditionalExpression(node) ? [...literalsOf(node.whenTrue), ...literalsOf(node.whenFalse)] : []
}

/** The message as far as the source says it; `…` stands for what is put in. */
function messageText(node) {
  if (node === undefined) return ''
  if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) return node.text
  if (ts.isTemplateExpression(node)) {
    return node.head.text + node.templateSpans.map((span) => `…${span.literal.text}`).join('')
  }
  if (ts.isBinaryExpression(node)) return messageText(node.left) + messageText(node.right)
  return ts.isIdentifier(node) ? messageText(valueOf(node)) : ''
}

/** What a name was given in a block around its use. */
function valueOf(name) {
  for (let block = name.parent; block !== undefined; block = block.parent) {
    const statements = (block.statements ?? []).filter(ts.isVariableStatement)
    const declarations = statements.flatMap((statement) => [...statement.declarationList.declarations])
    const found = declarations.find((declaration) => declaration.name.getText() === name.text)
    if (found) return found.initializer
  }
  return undefined
}

export function errorsPage() {
  const row = ([code, { files, messages }]) => [
    `\`${code}\``,
    [...messages].map((message) => message.replaceAll('<', '&lt;')).join('\n'),
    [...files].map((file) => `\`${file}\``).join('\n'),
  ]
  const head =
    '# Error codes\n\nMade from the source by `npm run docs`. A code keeps its meaning and is never given to another error.'
  return `${head} In the messages, \`…\` stands for what the error tells of the case.\n\n${table(['code', 'message', 'thrown in'], [...errorCodes()].map(row))}\n`
}
