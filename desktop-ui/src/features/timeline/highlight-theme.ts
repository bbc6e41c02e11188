// Which word of code gets which colour of the tokens. Light and dark are the tokens' business.

/** What is not named here keeps the colour of the block. */
const ORDINARY = 'var(--text)';

const COLOURS: readonly (readonly [colour: string, scopes: readonly string[]])[] = [
  ['var(--text-faint)', ['comment', 'punctuation.definition.comment', 'string.comment']],
  [
    'var(--code-string)',
    ['string', 'punctuation.definition.string', 'string.regexp', 'markup.inline.raw', 'constant.other.symbol'],
  ],
  ['var(--code-number)', ['constant', 'constant.numeric', 'constant.language', 'constant.character', 'variable.language']],
  [
    'var(--code-keyword)',
    ['keyword', 'storage', 'storage.type', 'storage.modifier', 'keyword.operator.expression', 'keyword.operator.new'],
  ],
  // Signs between words are not what one looks for.
  [ORDINARY, ['keyword.operator', 'punctuation', 'meta.brace', 'storage.type.function.arrow', 'string variable', 'meta.template.expression']],
  ['var(--code-keyword)', ['keyword.operator.expression', 'keyword.operator.new', 'keyword.operator.logical.python', 'keyword.operator.word']],
  [
    'var(--code-function)',
    ['entity.name.function', 'support.function', 'meta.function-call.generic', 'entity.name.command', 'entity.other.attribute-name'],
  ],
  [
    'var(--code-type)',
    ['entity.name.type', 'entity.name.class', 'entity.name.namespace', 'support.type', 'support.class', 'entity.other.inherited-class', 'storage.type.java', 'storage.type.cs', 'entity.name.tag', 'support.type.property-name', 'variable.other.property.hcl'],
  ],
  ['var(--success)', ['markup.inserted', 'markup.inserted punctuation']],
  ['var(--danger)', ['markup.deleted', 'markup.deleted punctuation', 'invalid']],
  ['var(--code-function)', ['markup.changed', 'meta.diff.header', 'meta.diff.range', 'entity.name.section']],
];

export const THEME = {
  name: 'loquat',
  type: 'light' as const,
  fg: ORDINARY,
  bg: 'transparent',
  settings: [
    { settings: { foreground: ORDINARY } },
    ...COLOURS.map(([foreground, scope]) => ({ scope: [...scope], settings: { foreground } })),
  ],
};
